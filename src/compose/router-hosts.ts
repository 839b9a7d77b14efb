import type { Compose, Service } from "./compose.ts";

/** The requests that a router's rule takes: by host name, or whatever their host. */
export interface RuleHosts {
  hosts: string[];
  /** The rule matches some requests whatever their host. */
  isOpen: boolean;
}

/** Host names outside the app's own domain that a release routes to itself; `*` for a rule without a host. */
export function foreignHosts({ services }: Compose, domain: string): string[] {
  const found = Object.values(services)
    .flatMap((service) => rulesOf(service))
    .flatMap(({ hosts, isOpen }) => [...hosts, ...(isOpen ? ["*"] : [])])
    .map((host) => host.toLowerCase().replace(/\.$/, ""));
  const own = domain.toLowerCase();
  return [...new Set(found)].filter((host) => host !== own && !host.endsWith(`.${own}`));
}

const TRAEFIK_RULE = /^traefik\.(?:http|tcp)\.routers\.[^.]+\.rule$/i;
/** UDP has no host names, and a router without a rule takes everything that arrives. */
const TRAEFIK_OTHER = /^traefik\.udp\.routers\.[^.]+\./i;
const TRAEFIK_1 = /^traefik\.(?:[^.]+\.)?frontend\.rule$/i;
const CADDY = /^caddy(?:_\d+)?$/i;

/** Variables that tell nginx-proxy and its companions the host names. */
const LISTS = ["VIRTUAL_HOST", "LETSENCRYPT_HOST"];

function rulesOf(service: Service): RuleHosts[] {
  const { environment = {} } = service;
  const ofNames = LISTS.map((name) => String(environment[name] ?? "")).filter((names) => names !== "");
  const others = Object.keys(environment).filter((name) => /^VIRTUAL_HOST_/.test(name));
  return [
    ...labelsApart(service).flatMap(([label, value]) => rulesOfLabel(label, value)),
    ...ofNames.map(listed),
    ...others.map((): RuleHosts => ({ hosts: [], isOpen: true })),
  ];
}

// The container's labels and those of `deploy` have different readers, so neither hides the other.
function labelsApart({ labels, deploy }: Service): [string, string][] {
  const all = [labels ?? {}, (deploy?.labels ?? {}) as Readonly<Record<string, string | number>>];
  return all.flatMap((some) => Object.entries(some)).map(([label, value]) => [label, String(value)]);
}

function rulesOfLabel(label: string, text: string): RuleHosts[] {
  if (TRAEFIK_RULE.test(label)) return [hostsOfRule(text)];
  if (TRAEFIK_1.test(label)) return [hostsOfOldRule(text)];
  if (TRAEFIK_OTHER.test(label)) return [{ hosts: [], isOpen: true }];
  return CADDY.test(label) ? [listed(text)] : [];
}

/** Caddy directives that affect only the app's own site; an upstream is a container of the app. */
const OF_ONE_SITE = /^caddy(?:_\d+)?\.(?:\d+_)?(?:encode|header|request_body|log)(?:\.|$)/i;
const UPSTREAM = /^caddy(?:_\d+)?\.(?:\d+_)?reverse_proxy$/i;

/** Labels that tell a reverse proxy more than where the app's own site is, in plain words. */
export function foreignDirectives({ services }: Compose): string[] {
  return Object.entries(services).flatMap(([name, service]) =>
    labelsApart(service)
      .filter(([label, value]) => {
        if (/[\r\n]/.test(value) && /^(caddy|traefik)/i.test(label)) return true;
        if (/^traefik\.tls\./i.test(label)) return true;
        if (!/^caddy/i.test(label) || CADDY.test(label) || OF_ONE_SITE.test(label)) return false;
        return !(UPSTREAM.test(label) && /^\{\{\s*upstreams[\w\s]*\}\}$/.test(value));
      })
      .map(
        ([label]) =>
          `the label ${label}, which tells the reverse proxy more than the app's own site (service ${name})`,
      ),
  );
}

// `https://a.example.org:443/path, b.example.org`
function listed(text: string): RuleHosts {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  const hosts = words.map((word) => word.replace(/^[a-z]+:\/\//i, "").replace(/[:/].*$/s, ""));
  const isPlain = hosts.every((host) => /^[a-z0-9._-]+$/i.test(host));
  return { hosts: isPlain ? hosts : [], isOpen: !isPlain || hosts.length === 0 };
}

// `Host:a.example.org,b.example.org;PathPrefix:/x`
function hostsOfOldRule(rule: string): RuleHosts {
  const [, names] = /^(?:[^;]*;)*\s*Host\s*:([^;]*)/i.exec(rule.slice(0, 2_000)) ?? [];
  return names === undefined ? { hosts: [], isOpen: true } : listed(names);
}

const TOKEN = /\s*(?:(&&|\|\||[!(),])|([A-Za-z]+)|`([^`]*)`|"((?:[^"\\]|\\.)*)")/y;
/** Matchers that narrow a match by host. Source: Traefik's documentation of routers. */
const NARROWING =
  /^(path|pathprefix|pathregexp|method|methods|header|headers|headerregexp|headersregexp|query|queryregexp|clientip|alpn)$/i;

/** Reads a rule of Traefik without guessing: an unreadable rule takes every host. */
function hostsOfRule(rule: string): RuleHosts {
  const tokens = tokensOf(rule);
  const hosts: string[] = [];
  let at = 0;

  const isOpen = tokens === null || readEither() || at !== tokens.length;
  return { hosts, isOpen };

  function readEither(): boolean {
    let open = readBoth();
    while (tokens?.[at] === "||") {
      at += 1;
      open = readBoth() || open;
    }
    return open;
  }

  function readBoth(): boolean {
    let open = readOne();
    while (tokens?.[at] === "&&") {
      at += 1;
      open = readOne() && open;
    }
    return open;
  }

  // A negated rule matches every other host.
  function readOne(): boolean {
    const token = tokens?.[at];
    at += 1;
    if (token === "!") {
      readOne();
      return true;
    }
    if (token === "(") {
      const open = readEither();
      at += 1;
      return open || tokens?.[at - 1] !== ")";
    }
    const values = readValues();
    if (values === null || typeof token !== "string") return true;
    if (/^(host|hostsni|hostheader)$/i.test(token)) return !values.every((name) => addHost(name));
    if (!NARROWING.test(token)) hosts.push("*");
    return true;
  }

  function readValues(): string[] | null {
    const values: string[] = [];
    if (tokens?.[at] !== "(") return null;
    do {
      const value = tokens[at + 1];
      if (typeof value !== "object") return null;
      values.push(value.text);
      at += 2;
    } while (tokens[at] === ",");
    at += 1;
    return tokens[at - 1] === ")" ? values : null;
  }

  function addHost(name: string): boolean {
    const isPlain = /^[a-z0-9._-]+$/i.test(name);
    hosts.push(isPlain ? name : "*");
    return isPlain;
  }
}

function tokensOf(rule: string): (string | { text: string })[] | null {
  if (rule.length > 10_000) return null;
  const tokens: (string | { text: string })[] = [];
  TOKEN.lastIndex = 0;
  for (let end = 0; rule.slice(end).trim() !== ""; end = TOKEN.lastIndex) {
    const [whole, sign, word, ticked, quoted] = TOKEN.exec(rule) ?? [];
    if (whole === undefined || tokens.length > 1_000) return null;
    tokens.push(sign ?? word ?? { text: ticked ?? quoted ?? "" });
  }
  return tokens;
}
