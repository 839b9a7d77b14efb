import { expect, it, onTestFinished } from "vitest";
import { composeOf, WAITS } from "../../../support/compose.ts";
import { busyboxImage, DOCKER } from "../../../support/images.ts";
import { bad, good } from "../../../support/outcome.ts";
import { describeOnSwarm, docker, leftOf, swarmBench } from "../../../support/swarm.ts";
import { report } from "../../fault.ts";
import { exists, startOperator } from "../../swarm/operator.ts";

const LIMIT_MS = 180_000;
const KEEP = `${DOCKER} run --rm --network none -v "$1:/v" ${busyboxImage()} sh -c 'echo theirs >/v/theirs; mkdir -p /v/sub; ln -s / /v/link; touch -d @1 /v/theirs'`;
/** The operator makes a volume, with a file from long ago, just before the stack is deployed. */
const makes = (name: string) =>
  `set -- ${name.replaceAll("STACK", "$1")}\n${DOCKER} volume create "$1"\n${KEEP}`;
const VOLUME = "volume STACK_data was made by somebody else while the app was being deployed";
const WROTE = "written into it since the app began to use it:";

interface Attack {
  between?: string;
  script?: string;
  more?: string;
  rest?: string;
  services?: Parameters<typeof composeOf>[0];
  said: string[];
}

const app = ({ script = `echo secret >/data/word; ${WAITS}`, more = "volumes: ['data:/data']" }: Attack) => ({
  app: { script, more: `${more}\nstop_grace_period: 1s` },
});
const FIFTY = "i=0; while [ $i -lt 50 ]; do echo x >/data/f$i; i=$((i+1)); done";

const ATTACKS: Readonly<Record<string, Attack>> = {
  "a volume with the name that the stack gives it": { said: [VOLUME, `${WROTE} word`] },
  "a volume that is mounted in the long form": {
    more: "volumes: [{type: volume, source: data, target: /data, volume: {nocopy: true}}]",
    said: [VOLUME, `${WROTE} word`],
  },
  "a volume with a fixed name": {
    between: makes("STACK-fixed"),
    rest: "volumes:\n  data:\n    name: $" + "{STACK_NAME}-fixed\n",
    said: ["volume STACK-fixed was made by somebody else", `${WROTE} word`],
  },
  "a volume with options of its own": {
    rest: "volumes:\n  data:\n    labels: {a: b}\n",
    said: [VOLUME, `${WROTE} word`],
  },
  "a volume into which nothing is written": {
    script: WAITS,
    said: [VOLUME, "no file was written into it since the app began to use it"],
  },
  "a volume that may only be read": {
    script: WAITS,
    more: "volumes: ['data:/data:ro']",
    said: [VOLUME, "no file was written into it since the app began to use it"],
  },
  "a volume into which many files are written": {
    script: `${FIFTY}; ${WAITS}`,
    said: [VOLUME, WROTE, " and 30 more"],
  },
  "a volume with names that would be lines, in folders and behind links": {
    script: `mkdir /data/sub/new; echo x >/data/sub/new/deep; printf x >"/data/a\nb"; echo x >/data/link/tmp/out; mkfifo /data/pipe; touch -d @1 /data/old; ${WAITS}`,
    said: [VOLUME, "a\\nb", "sub/new/deep", "pipe", "old"],
  },
  "a volume of an app that ends again and again": {
    script: "echo secret >/data/word; exit 1",
    said: [VOLUME, `${WROTE} word`],
  },
  "a volume that two services share": {
    services: {
      app: { script: `echo a >/data/word; ${WAITS}`, more: "volumes: ['data:/data']\nstop_grace_period: 1s" },
      other: {
        script: `echo b >/data/more; ${WAITS}`,
        more: "volumes: ['data:/data']\nstop_grace_period: 1s",
      },
    },
    said: [VOLUME, WROTE],
  },
};

describeOnSwarm("a thing that somebody makes between the look and the deploy", () => {
  for (const [name, attack] of Object.entries(ATTACKS))
    it(
      `${name}: stays; the app is ended, and the files that it wrote are named`,
      async (context) => {
        const operator = await startOperator();
        onTestFinished(() => operator.close());
        const bench = swarmBench({ between: attack.between ?? makes("STACK_data") });
        const { stack } = bench.app;
        const volume = attack.between === undefined ? `${stack}_data` : `${stack}-fixed`;
        onTestFinished(() => void (exists("volume", volume) && docker("volume", "rm", volume)));
        const compose = composeOf(attack.services ?? app(attack), attack.rest ?? "volumes:\n  data: {}\n");
        const source = bench.release("1.0.0+1", { "compose.yml": compose });
        const failure = bad(await bench.driver.deploy(bench.app, source, null, bench.step().step));
        expect(failure).toMatchObject({ cause: "refused", step: "converge" });
        for (const said of attack.said) expect(failure.message).toContain(said.replaceAll("STACK", stack));
        for (const never of ["theirs", "out"])
          expect(failure.message.split(WROTE)[1] ?? "").not.toMatch(new RegExp(`\\b${never}\\b`));
        expect(leftOf(stack).filter((object) => /^(service|container)/.test(object))).toEqual([]);
        good(await bench.driver.remove(bench.app, bench.step().step));
        expect(exists("volume", volume), "it stays").toBe(true);
        report(context, {
          kind: "foreign object",
          name: `between look and deploy: ${name}`,
          outcome: "the app ended, what it wrote is named",
          lost: [],
          touched: operator.touched(),
        });
      },
      LIMIT_MS,
    );

  it(
    "a network: stays, and the app is ended",
    async (context) => {
      const operator = await startOperator();
      onTestFinished(() => operator.close());
      const label = '--label com.docker.stack.namespace="$1"';
      const bench = swarmBench({
        between: `${DOCKER} network create --driver overlay ${label} "$1_internal"`,
      });
      const { stack } = bench.app;
      onTestFinished(() => void docker("network", "rm", `${stack}_internal`));
      const compose = composeOf(
        { app: { script: WAITS, more: "networks: [internal]\nstop_grace_period: 1s" } },
        "networks:\n  internal: {}\n",
      );
      const source = bench.release("1.0.0+1", { "compose.yml": compose });
      expect(bad(await bench.driver.deploy(bench.app, source, null, bench.step().step))).toMatchObject({
        cause: "refused",
        message: expect.stringContaining(`network ${stack}_internal was made by somebody else`),
      });
      expect(leftOf(stack)).toEqual([`network ${stack}_internal`]);
      report(context, {
        kind: "foreign object",
        name: "between look and deploy: a network",
        outcome: "the app ended, the network stays",
        lost: [],
        touched: operator.touched(),
      });
    },
    LIMIT_MS,
  );
});
