import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ABRA } from "../../src/driver/abra/abra-commands.ts";
import { parseSnapshots } from "../../src/driver/abra/backup-list.ts";
import { makeCheckout, moveCheckout } from "../../src/driver/abra/checkout.ts";
import { firstError } from "../../src/driver/abra/failure.ts";
import { type AbraHome, prepareHome } from "../../src/driver/abra/home.ts";
import { callAbra, outputOf } from "../../src/driver/abra/run-abra.ts";
import { parseGenerated } from "../../src/driver/abra/secrets.ts";
import type { Bench } from "./bench.ts";
import { notesFiles } from "./notes-recipe.ts";
import { docker, inService } from "./swarm.ts";

const [OLD, NEW] = ["1.0.0+1.0.0", "1.1.0+1.1.0"] as const;

/** Null: as documented. A text: what differs. */
type Finding = string | null | { notChecked: string };

interface Behaviour {
  /** What the driver relies on. */
  says: string;
  look(on: Subject): Promise<Finding>;
}

/** A line for each behaviour, and the lines of those that differ. */
export async function compare(
  bench: Bench,
  behaviours: readonly Behaviour[],
): Promise<{ lines: string[]; differing: string[] }> {
  const subject = subjectOf(bench);
  const lines: string[] = [];
  for (const { says, look } of behaviours) {
    const finding = await look(subject).catch((error: unknown) => String(error));
    if (finding === null) lines.push(`ok           ${says}`);
    else if (typeof finding === "string") lines.push(`differs      ${says}\n             found: ${finding}`);
    else lines.push(`not checked  ${says}\n             ${finding.notChecked}`);
  }
  return { lines, differing: lines.filter((line) => line.startsWith("differs")) };
}

/** One app, on which the behaviours are looked at in their order. */
interface Subject {
  bench: Bench;
  home: AbraHome;
  abra(
    args: readonly string[],
    terminal?: true,
  ): Promise<{ ok: boolean; exitCode: number | null; stdout: string; all: string }>;
  checkOut(version: string): Promise<void>;
  /** What was learnt on the way. */
  notes: Record<string, string>;
}

function subjectOf(bench: Bench): Subject {
  const { options, app, step } = bench;
  const home = prepareHome(options, app);
  return {
    bench,
    home,
    notes: {},
    abra: async (args, terminal) => {
      const call = { act: "contract", args, ...(terminal ? { terminal } : { secret: true as const }) };
      const result = await callAbra(options, app, call, step);
      return { ok: result.ok, exitCode: result.exitCode, stdout: result.stdout, all: outputOf(result) };
    },
    checkOut: (version) => makeCheckout(options, app, bench.source(version), step),
  };
}

export const BEHAVIOURS: readonly Behaviour[] = [
  {
    says: "a folder below servers/ of ABRA_DIR is a server, listed with name and host",
    look: async ({ abra }) => {
      const { stdout } = await abra(["server", "ls", "--machine"]);
      return expectThat(/"name":\s*"default"/.test(stdout) && /"host"/.test(stdout), stdout);
    },
  },
  {
    says: "an error ends with exit code 1 and a line of level FATA on standard output",
    look: async ({ abra }) => {
      const { exitCode, stdout } = await abra(["app", "undeploy", "nobody.example.org"]);
      return expectThat(exitCode === 1 && /^\s*FATA/m.test(stdout), `exit code ${exitCode}: ${stdout}`);
    },
  },
  {
    says: "app new RECIPE VERSION writes servers/SERVER/DOMAIN.env with TYPE=RECIPE:VERSION, and moves the checkout",
    look: async ({ abra, bench, home, checkOut }) => {
      await checkOut(NEW);
      const made = await abra(ABRA.newApp("notes", OLD, "default", bench.app.domain));
      if (!made.ok || !existsSync(home.envFile)) return firstError(made.all);
      const type = /^TYPE=.*$/m.exec(readFileSync(home.envFile, "utf8"))?.[0];
      const readme = readFileSync(join(home.recipe, "README.md"), "utf8");
      return expectThat(
        type === `TYPE=notes:${OLD}` && readme === "notes 1.0.0\n",
        `${type}, checkout: ${readme}`,
      );
    },
  },
  {
    says: "app new puts the app's domain in the place of RECIPE.example.com",
    look: async ({ bench, home }) => {
      const domain = /^DOMAIN=(.*)$/m.exec(readFileSync(home.envFile, "utf8"))?.[1];
      return expectThat(domain === bench.app.domain, `DOMAIN=${domain}`);
    },
  },
  {
    says: "app deploy refuses while a secret does not exist: `secret not generated`",
    look: ({ abra, bench }) =>
      expectRefusal(abra(ABRA.deploy(bench.app.domain, OLD)), /secrets? not generated/),
  },
  {
    says: "app secret insert … --file takes the value from the file",
    look: async ({ abra, bench, home, notes }) => {
      notes.token = "inserted-from-a-file";
      writeFileSync(home.secretFile, notes.token);
      const inserted = await abra(ABRA.insertSecret(bench.app.domain, "token", "v1", home.secretFile));
      return inserted.ok
        ? expectThat(secrets(bench).includes("token_v1"), secrets(bench).join(" "))
        : firstError(inserted.all);
    },
  },
  {
    says: "app secret insert of one that exists fails with AlreadyExists",
    look: ({ abra, bench, home }) =>
      expectRefusal(
        abra(ABRA.insertSecret(bench.app.domain, "token", "v1", home.secretFile)),
        /AlreadyExists|already exists/,
      ),
  },
  {
    says: "app secret generate --all --machine makes the missing ones and prints their values in a form that can be read",
    look: async ({ abra, bench, notes }) => {
      const { stdout, all } = await abra(ABRA.generateSecrets(bench.app.domain));
      notes.password = parseGenerated(stdout).db_password ?? "";
      if (!secrets(bench).includes("db_password_v1")) return `no such secret: ${firstError(all)}`;
      return expectThat(/^[0-9a-f]{24}$/.test(notes.password), "no value of 24 hex digits could be read");
    },
  },
  {
    says: "app secret generate --all changes nothing where all exist, and has no FATA then",
    look: async ({ abra, bench }) => {
      const { all } = await abra(ABRA.generateSecrets(bench.app.domain));
      return expectThat(!/^\s*FATA/m.test(all) && secrets(bench).length === 2, firstError(all));
    },
  },
  {
    says: "app deploy refuses a tree with an untracked file: `has locally unstaged changes`",
    look: async ({ abra, bench, home }) => {
      writeFileSync(join(home.recipe, "left-behind"), "");
      const finding = await expectRefusal(
        abra(ABRA.deploy(bench.app.domain, OLD)),
        /has locally unstaged changes/,
      );
      rmSync(join(home.recipe, "left-behind"));
      return finding;
    },
  },
  {
    says: "a lightweight tag anywhere stops a deploy: R014",
    look: async ({ abra, bench, checkOut }) => {
      bench.upstream.tag("0.1.0+1.0.0", { lightweight: true });
      await checkOut(OLD);
      const finding = await expectRefusal(abra(ABRA.deploy(bench.app.domain, OLD)), /R014/);
      bench.upstream.deleteTag("0.1.0+1.0.0");
      await checkOut(OLD);
      return finding;
    },
  },
  {
    says: "app deploy deploys without asking, without the network and without waiting",
    look: async ({ abra, bench }) => {
      const { ok, all } = await abra(ABRA.deploy(bench.app.domain, OLD));
      return ok ? null : firstError(all);
    },
  },
  {
    says: "the stack is named after the domain, `.` as `_`, cut to 45 characters",
    look: async ({ bench }) => {
      const stacks = docker("stack", "ls", "--format", "{{.Name}}").split("\n");
      return expectThat(stacks.includes(bench.app.stack), `stacks: ${stacks.join(" ")}`);
    },
  },
  {
    says: "the service app carries coop-cloud.STACK.version, .chaos=false and .recipe",
    look: async ({ bench }) => expectLabels(bench, { version: OLD, chaos: "false", recipe: "notes" }),
  },
  {
    says: "exports of abra.sh are filled in, and the whole env file reaches the service app",
    look: async ({ bench, notes }) => {
      await settled(bench);
      const config = docker("config", "ls", "--format", "{{.Name}}");
      const said = inService(
        bench.app.stack,
        "app",
        "sh",
        "-c",
        "echo $GREETING; cat /run/secrets/token /run/secrets/db_password",
      );
      const wanted = `hello\n${notes.token}${notes.password}`;
      return expectThat(
        config.includes(`${bench.app.stack}_app_conf_v1`) && said === wanted,
        "config, variable or secret differ",
      );
    },
  },
  {
    says: "app deploy of what is deployed is refused: `is already deployed`",
    look: ({ abra, bench }) => expectRefusal(abra(ABRA.deploy(bench.app.domain, OLD)), /is already deployed/),
  },
  {
    says: "app upgrade DOMAIN VERSION brings a deployed app to it",
    look: async ({ abra, bench, checkOut }) => {
      await checkOut(NEW);
      const { ok, all } = await abra(ABRA.upgrade(bench.app.domain, NEW));
      return ok ? expectLabels(bench, { version: NEW, chaos: "false" }) : firstError(all);
    },
  },
  {
    says: "app deploy --chaos deploys the commit that is checked out, and says so in .chaos and .chaos-version",
    look: async ({ abra, bench }) => {
      const commit = bench.upstream.commit(notesFiles("draft", { secrets: ["token"] }), {
        branch: "work",
        from: "main",
      });
      const draft = { ...bench.source(commit), version: commit.slice(0, 12) };
      await makeCheckout(bench.options, bench.app, draft, bench.step);
      await moveCheckout(bench.options, bench.app, draft, bench.step);
      const { ok, all } = await abra(ABRA.deployCheckout(bench.app.domain));
      if (!ok) return firstError(all);
      const labels = labelsOf(bench);
      return expectThat(
        labels.chaos === "true" && commit.startsWith(labels["chaos-version"] ?? "none"),
        JSON.stringify(labels),
      );
    },
  },
  {
    says: "app backup create through a terminal makes a snapshot that app backup snapshots lists by date and id",
    look: async ({ abra, bench, notes }) => {
      await settled(bench);
      inService(bench.app.stack, "app", "sh", "-c", "echo precious > /data/notes");
      const made = await abra(ABRA.createBackup(bench.app.domain), true);
      if (!made.ok && /backup-?bot/i.test(made.all))
        return { notChecked: firstError(made.all) ?? "no backup-bot" };
      if (!made.ok) return firstError(made.all);
      const { all } = await abra(ABRA.listSnapshots(bench.app.domain), true);
      notes.snapshot = parseSnapshots(all).at(-1) ?? "";
      return expectThat(notes.snapshot !== "", all);
    },
  },
  {
    says: "app backup list DOMAIN --snapshot ID names each file by its path below VOLUME/_data",
    look: async ({ abra, bench, notes }) => {
      if (!notes.snapshot) return { notChecked: "there is no snapshot" };
      const { all } = await abra(ABRA.listBackup(bench.app.domain, notes.snapshot), true);
      return expectThat(all.includes(`/${bench.app.stack}_data/_data/dump`), all);
    },
  },
  {
    says: "app restore DOMAIN --snapshot ID brings the data back, hooks included",
    look: async ({ abra, bench, notes }) => {
      if (!notes.snapshot) return { notChecked: "there is no snapshot" };
      inService(bench.app.stack, "app", "rm", "/data/notes", "/data/dump");
      const { ok, all } = await abra(ABRA.restore(bench.app.domain, notes.snapshot), true);
      if (!ok) return firstError(all);
      return expectThat(
        inService(bench.app.stack, "app", "cat", "/data/notes") === "precious",
        "the data is not back",
      );
    },
  },
  {
    says: "app undeploy ends what runs, and keeps volumes and secrets",
    look: async ({ abra, bench }) => {
      const { ok, all } = await abra(ABRA.undeploy(bench.app.domain));
      if (!ok) return firstError(all);
      const volumes = docker("volume", "ls", "--quiet", "--filter", `name=${bench.app.stack}_data`);
      return expectThat(
        volumes !== "" && secrets(bench).length === 2,
        `volumes: ${volumes}, secrets: ${secrets(bench)}`,
      );
    },
  },
];

function expectThat(holds: boolean, otherwise: string | null): Finding {
  return holds ? null : (otherwise ?? "nothing was said").trim().slice(0, 300);
}

async function expectRefusal(call: ReturnType<Subject["abra"]>, words: RegExp): Promise<Finding> {
  const { ok, all } = await call;
  if (ok) return "it was not refused";
  return expectThat(words.test(all), firstError(all));
}

function expectLabels(bench: Bench, wanted: Record<string, string>): Finding {
  const labels = labelsOf(bench);
  const same = Object.entries(wanted).every(([name, value]) => labels[name] === value);
  return expectThat(same, JSON.stringify(labels));
}

/** The labels of abra on the service `app`, without what is before their last part. */
function labelsOf({ app }: Bench): Record<string, string> {
  const all = JSON.parse(
    docker("service", "inspect", "--format", "{{json .Spec.Labels}}", `${app.stack}_app`),
  ) as Record<string, string>;
  const prefix = `coop-cloud.${app.stack}.`;
  const own = Object.entries(all).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

function secrets({ app }: Bench): string[] {
  const names = docker("secret", "ls", "--format", "{{.Name}}").split("\n");
  return names
    .filter((name) => name.startsWith(`${app.stack}_`))
    .map((name) => name.slice(app.stack.length + 1));
}

async function settled({ app, driver, step }: Bench): Promise<void> {
  const deadline = Date.now() + 60_000;
  const isUp = () =>
    /^1\/1/.test(docker("service", "ls", "--format", "{{.Replicas}}", "--filter", `name=${app.stack}_app`));
  const isUpdating = () =>
    docker(
      "service",
      "inspect",
      "--format",
      "{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}",
      `${app.stack}_app`,
    ) === "updating";
  while (Date.now() < deadline) {
    if (isUp() && !isUpdating()) return;
    await driver.isDeployed(app, step);
  }
  throw new Error(`${app.stack}_app did not come up`);
}
