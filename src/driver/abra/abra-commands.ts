/** The argv of each call of abra, with long flags only: its sub-commands differ in the meaning of short ones. */
export const ABRA = {
  newApp: (recipe: string, version: string, server: string, domain: string) => [
    ...["app", "new", recipe, version],
    ...["--server", server, "--domain", domain],
  ],
  generateSecrets: (domain: string) => ["app", "secret", "generate", domain, "--all", "--machine"],
  /** The value is in a file, so that no list of processes shows it. */
  insertSecret: (domain: string, name: string, version: string, file: string) => [
    ...["app", "secret", "insert", domain, name, version, file],
    "--file",
  ],
  deploy: (domain: string, version: string) => ["app", "deploy", domain, version, ...WITHOUT_WAITING],
  /** Deploys the checkout, whether it is a release or not. */
  deployCheckout: (domain: string) => ["app", "deploy", domain, "--chaos", ...WITHOUT_WAITING],
  upgrade: (domain: string, version: string) => ["app", "upgrade", domain, version, ...WITHOUT_WAITING],
  undeploy: (domain: string) => ["app", "undeploy", domain],
  createBackup: (domain: string) => ["app", "backup", "create", domain],
  listSnapshots: (domain: string) => ["app", "backup", "snapshots", domain],
  listBackup: (domain: string, snapshot: string) => ["app", "backup", "list", domain, "--snapshot", snapshot],
  restore: (domain: string, snapshot: string) => ["app", "restore", domain, "--snapshot", snapshot],
} as const;

/** abra asks no question and fetches nothing: it deploys the checkout that we made. */
export const ALWAYS = ["--no-input", "--offline"] as const;

// abra's own wait ends too early and says nothing about the running app; we probe the domain over the edge.
const WITHOUT_WAITING = ["--no-domain-checks", "--no-converge-checks"] as const;
