// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files
import { randomOf } from "../support/random.ts";

/** A release whose compose files were made by chance, and the variables that they fill in. */
export interface GeneratedRelease {
  seed: number;
  /** One of its files was hurt by chance: it may be no YAML any more. */
  isHurt: boolean;
  files: Readonly<Record<string, string>>;
  /** In the order in which they are laid over each other. */
  composeFiles: string[];
  variables: Readonly<Record<string, string>>;
}

const VARIABLES = {
  A: "alpha",
  EMPTY: "",
  N: "3",
  T: "true",
  D: "15s",
  NET: "back",
  V: "data",
  PATHLIKE: "/srv/x",
  SPECIAL: 'it\'s "x": #1 {}[]',
  STACK_NAME: "s",
};

/** Makes the release of a seed: the same one each time. */
export function generateRelease(seed: number): GeneratedRelease {
  const random = randomOf(seed);
  const count = pick(random, [1, 1, 1, 2, 2, 3]);
  const composeFiles = Array.from({ length: count }, (_, index) =>
    index === 0 ? "compose.yml" : `compose.${index}.yml`,
  );
  const texts = composeFiles.map(() => composeText(random));
  const hurt = texts.map((text) => withAccidents(random, text));
  const files = Object.fromEntries(composeFiles.map((file, index) => [file, hurt[index] ?? ""]));
  return {
    seed,
    isHurt: hurt.some((text, index) => text.replaceAll("\r\n", "\n") !== texts[index]),
    composeFiles,
    variables: VARIABLES,
    files: { ...files, "conf.txt": "x\n", "app.env": "E1=one\nA\nNOPE\n# note\nE2=a=b # kept\n" },
  };
}

type Random = () => number;
type Make = (random: Random) => string;

function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

function some<T>(random: Random, items: readonly T[], most: number): T[] {
  const count = Math.floor(random() * (most + 1));
  const rest = [...items];
  return Array.from(
    { length: Math.min(count, items.length) },
    () => rest.splice(Math.floor(random() * rest.length), 1)[0] as T,
  );
}

const WORDS = [
  "web",
  "a b",
  "x:y",
  "22:22",
  "yes",
  "0777",
  "1.10",
  "12",
  "0x1F",
  "1e3",
  "~",
  "null",
  "-",
  "a#b",
  "a #b",
  "é",
  "😀",
  "'",
  '"',
  "$$x",
  "${A}",
  "$A",
  "${EMPTY:-d}",
  "${EMPTY-d}",
  "${NOPE:-a:b}",
  "${NOPE}",
  "${A:?no}",
  "pre$A.post",
  "${SPECIAL}",
  "2020-01-01",
  "true",
  "on",
  "1_000",
  "=",
  "a=b",
  "{x}",
  "[y",
  "\\",
  "tab\tx",
  "trailing ",
];

/** One text in one of YAML's ways to write it. */
const text: Make = (random) => scalar(random, pick(random, WORDS));

function scalar(random: Random, word: string): string {
  const way = random();
  if (way < 0.35 && /^[\w.$][\w.$-]*$/.test(word)) return word;
  if (way < 0.65) return `'${word.replaceAll("'", "''")}'`;
  return JSON.stringify(word);
}

function list(random: Random, make: Make, most = 3): string {
  return `[${Array.from({ length: Math.floor(random() * (most + 1)) }, () => make(random)).join(", ")}]`;
}

function map(pairs: readonly string[]): string {
  return `{ ${pairs.join(", ")} }`;
}

const NAMES = ["ONE", "TWO", "A", "EMPTY", "x.y", "a-b"];
const pairs: Make = (random) => {
  const names = some(random, NAMES, 4);
  if (random() < 0.5)
    return map(
      names.map(
        (name) =>
          `${name}: ${random() < 0.1 ? "" : random() < 0.2 ? pick(random, ["1", "2.5", "null", "010", "1.10"]) : text(random)}`,
      ),
    );
  return `[${names.map((name) => scalar(random, random() < 0.2 ? name : `${name}=${pick(random, WORDS)}`)).join(", ")}]`;
};
const duration: Make = (random) => pick(random, ["30s", '"1m30s"', "'500ms'", "1h", '"${D}"', "2s"]);
const integer: Make = (random) => pick(random, ["1", "2", "3", "0x3", '"${N}"', "5"]);
const boolean: Make = (random) => pick(random, ["true", "false", "True", '"${T}"']);
const command: Make = (random) =>
  random() < 0.5
    ? list(random, text)
    : scalar(random, pick(random, ["run it", 'sh -c "a b"', "x 'y z'", "$$HOME ${A}"]));
const port: Make = (random) =>
  pick(random, [
    '"8080:80"',
    "80",
    "'53:53/udp'",
    '"9000-9002:9000-9002"',
    '"127.0.0.1:81:81"',
    '"3000"',
    "22:22",
    '"4000-4003:44"',
    "{ target: 5, published: 6 }",
    "{ target: 7, published: 7, protocol: udp, mode: host }",
    '"${N}000:1"',
    "{ target: 8 }",
  ]);
const mount: Make = (random) =>
  pick(random, [
    "data:/data",
    '"data:/data:ro"',
    "/anonymous",
    '"/srv/x:/x:rw"',
    '"${V}:/v"',
    '"${PATHLIKE}:/p:ro"',
    "more:/m:nocopy",
    "{ type: volume, source: data, target: /long }",
    "{ type: bind, source: /srv/y, target: /y, read_only: true }",
    "{ type: tmpfs, target: /t, tmpfs: { size: 1000 } }",
    "{ type: volume, source: more, target: /n, volume: { nocopy: true } }",
    '"/a:/b:rslave"',
    "{ type: bind, source: /c, target: /c, bind: { propagation: private } }",
    "./here:/here",
    "~/x:/y",
    "data:/data:z",
  ]);
const file: Make = (random) =>
  pick(random, [
    "conf",
    "{ source: conf, target: /etc/x }",
    "{ source: other, mode: 0440, uid: '1', gid: \"2\" }",
    "other",
    "{ source: conf, mode: 288 }",
  ]);
const networks: Make = (random) =>
  random() < 0.5
    ? `[${some(random, ["back", "proxy", '"${NET}"'], 2).join(", ")}]`
    : map(some(random, ["back:", "proxy: { aliases: [x, y] }", "back2: { aliases: [z] }", "proxy2:"], 3));

const SERVICE_KEYS: Readonly<Record<string, Make>> = {
  command,
  entrypoint: command,
  environment: pairs,
  labels: pairs,
  env_file: (random) => pick(random, ["app.env", "[app.env]", "[./app.env]"]),
  healthcheck: (random) =>
    map(
      some(
        random,
        [
          `test: ${command(random)}`,
          `interval: ${duration(random)}`,
          `retries: ${integer(random)}`,
          `disable: ${boolean(random)}`,
          `start_period: ${duration(random)}`,
        ],
        3,
      ),
    ),
  logging: (random) =>
    map([
      `driver: ${pick(random, ["json-file", "local"])}`,
      ...some(random, ['options: { max-size: 10m, max-file: "3" }'], 1),
    ]),
  networks,
  ports: (random) => list(random, port),
  volumes: (random) => list(random, mount),
  configs: (random) => list(random, file, 2),
  secrets: (random) =>
    list(random, (more) => pick(more, ["pass", "{ source: pass, target: p, mode: 0400 }"]), 1),
  tmpfs: (random) => pick(random, ["/tmp", "[/tmp, /run]"]),
  hostname: text,
  user: (random) => pick(random, ['"1000"', "'1000:1000'", "root", "'$A'"]),
  working_dir: () => "/srv",
  stop_signal: () => "SIGINT",
  stop_grace_period: duration,
  init: boolean,
  tty: boolean,
  stdin_open: boolean,
  read_only: boolean,
  cap_add: (random) => pick(random, ["[CHOWN]", "[NET_ADMIN, KILL]", "[]"]),
  cap_drop: () => "[ALL]",
  sysctls: (random) => pick(random, ["{ net.core.somaxconn: 1024 }", "['net.core.somaxconn=1024']"]),
  ulimits: (random) => pick(random, ["{ nproc: 65535 }", "{ nofile: { soft: 20, hard: 40 } }"]),
  dns: (random) => pick(random, ["8.8.8.8", "[8.8.8.8, 9.9.9.9]"]),
  extra_hosts: (random) => pick(random, ['["a:1.2.3.4"]', "{ a: 1.2.3.4, b: '5.6.7.8' }"]),
  restart: () => "always",
  container_name: () => "c",
  depends_on: () => "[other]",
  "x-more": text,
};

const DEPLOY_KEYS: Readonly<Record<string, Make>> = {
  mode: (random) => pick(random, ["replicated", "global"]),
  replicas: integer,
  labels: pairs,
  endpoint_mode: (random) => pick(random, ["dnsrr", "vip"]),
  update_config: (random) =>
    map(
      some(
        random,
        [
          `parallelism: ${integer(random)}`,
          `delay: ${duration(random)}`,
          "order: start-first",
          "failure_action: rollback",
          "max_failure_ratio: 0.3",
        ],
        3,
      ),
    ),
  rollback_config: (random) => map([`delay: ${duration(random)}`]),
  restart_policy: (random) =>
    map(
      some(
        random,
        ["condition: on-failure", `max_attempts: ${integer(random)}`, `window: ${duration(random)}`],
        3,
      ),
    ),
  resources: (random) =>
    pick(random, [
      "{ limits: { memory: 50M, cpus: '0.5' } }",
      '{ reservations: { memory: "1g" } }',
      "{ limits: { pids: 100 } }",
    ]),
  placement: (random) =>
    map(
      some(
        random,
        [
          "constraints: [node.role == manager]",
          "preferences: [{ spread: node.labels.zone }]",
          "max_replicas_per_node: 2",
        ],
        3,
      ),
    ),
};

function serviceLines(random: Random): string[] {
  const keys = some(random, Object.keys(SERVICE_KEYS), 8);
  const lines = keys.map((key) => `${key}: ${SERVICE_KEYS[key]?.(random)}`);
  const deploy = some(random, Object.keys(DEPLOY_KEYS), 4).map(
    (key) => `  ${key}: ${DEPLOY_KEYS[key]?.(random)}`,
  );
  return [
    ...(random() < 0.8
      ? [`image: ${pick(random, ["a:1", `'b@sha256:${"0".repeat(64)}'`, '"${A}:1"', "c"])}`]
      : []),
    ...lines,
    ...(deploy.length === 0 ? [] : ["deploy:", ...deploy]),
  ];
}

function composeText(random: Random): string {
  const merge = random() < 0.25;
  const names = ["app", ...some(random, ["db", "x.y", "w-1"], 2)];
  const services = names.flatMap((name) => {
    const lines = serviceLines(random);
    return [
      `  ${name}:`,
      ...(merge && random() < 0.6 ? ["    <<: *base"] : []),
      ...(lines.length === 0 ? ["image: z"] : lines).map((line) => `    ${line}`),
    ];
  });
  const network = (name: string) =>
    `  ${name}: ${pick(random, ["", "{ internal: true }", "{ driver: overlay, attachable: true }", "{ external: true }", "{ external: { name: other } }", "{ name: named, labels: [a=b] }"])}`;
  return [
    `version: ${pick(random, ['"3.8"', "'3.8'", '"3.8"', '"3.8"', '"3.8"', '"3.8"', '"3.9"'])}`,
    ...(merge
      ? [
          `x-base: &base { image: base:1, ${pick(random, ["tty: true", "labels: [m=1]", "environment: { M: 1 }"])} }`,
        ]
      : []),
    "services:",
    ...services,
    "volumes:",
    `  data: ${pick(random, ["", "{}", "{ driver: local }", "{ labels: { a: b } }", "{ driver_opts: { type: tmpfs, device: tmpfs } }"])}`,
    `  more: ${pick(random, ["", "{ external: true }", "{ name: named }"])}`,
    "networks:",
    ...["back", "back2", "proxy", "proxy2"].map(network),
    "configs:",
    `  conf: ${pick(random, ["{ file: conf.txt }", "{ file: ./conf.txt, name: 's_conf_${N}' }", "{ external: true }"])}`,
    "  other: { file: conf.txt, template_driver: golang }",
    "secrets:",
    `  pass: ${pick(random, ["{ external: true }", "{ external: true, name: '${STACK_NAME}_p_v1' }", "{ file: conf.txt }"])}`,
    "",
  ].join("\n");
}

/** A part of the files is hurt by one change: other ends of lines, a stray character, a part that is there twice. */
function withAccidents(random: Random, source: string): string {
  if (random() < 0.15) return source.replaceAll("\n", "\r\n");
  if (random() > 0.25) return source;
  const at = Math.floor(random() * source.length);
  const stray = [
    "\t",
    "\r",
    "\u0085",
    "\u2028",
    " ",
    "\n",
    ":",
    "#",
    "- ",
    "&a ",
    "*base",
    "'",
    '"',
    "!",
    "|",
    ">",
    "{",
    "}",
    "[",
    ",",
    "$",
    "${",
    "é",
    "\u00a0",
    "? ",
    "<<: ",
    "%",
    "@",
    "`",
    "~",
    "\\",
    "yes",
    "0",
  ];
  if (random() < 0.7) return source.slice(0, at) + pick(random, stray) + source.slice(at);
  const length = 1 + Math.floor(random() * 20);
  return random() < 0.5
    ? source.slice(0, at) + source.slice(at + length)
    : source.slice(0, at + length) + source.slice(at);
}
