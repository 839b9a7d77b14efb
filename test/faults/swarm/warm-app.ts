import { composeOf, WAITS } from "../../support/compose.ts";
import { good } from "../../support/outcome.ts";
import { swarmBench } from "../../support/swarm.ts";

/** Deploys an app (a warm one, if no other is given) with a volume, a secret, a config and a network of its own. */
export async function deployWarm(bench = swarmBench({ instance: "warm" })) {
  const more = [
    "volumes: ['data:/data']",
    "stop_grace_period: 1s",
    "secrets: [pass]",
    "configs: [{source: conf, target: /conf}]",
    "networks: [internal]",
  ];
  const rest = [
    "volumes:\n  data: {}",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: filled in by Docker
    "secrets:\n  pass:\n    external: true\n    name: ${STACK_NAME}_pass_v1",
    "configs:\n  conf:\n    file: conf",
    "networks:\n  internal:\n    attachable: true\n",
  ];
  const app = { script: `echo ours >/data/word; ${WAITS}`, more: more.join("\n") };
  const files = { "compose.yml": composeOf({ app }, rest.join("\n")), conf: "conf" };
  const source = bench.release("1.0.0+1", files);
  good(await bench.driver.deploy(bench.app, source, null, bench.step().step));
  const { stack } = bench.app;
  return { ...bench, source, stack, volume: `${stack}_data`, secret: `${stack}_pass_v1` };
}
