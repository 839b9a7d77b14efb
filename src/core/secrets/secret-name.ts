const WORDS: ReadonlySet<string> = new Set([
  "SECRET",
  "SECRETS",
  "PASSWORD",
  "PASSWD",
  "PASS",
  "PASSPHRASE",
  "TOKEN",
  "KEY",
  "CREDENTIALS",
]);

/** Whether a variable's name suggests a secret value: `DB_PASSWORD`, `APIKEY`, `OIDC_CLIENT_SECRET`. */
export function isSecretName(name: string): boolean {
  const words = name.toUpperCase().split(/[^A-Z0-9]+/);
  return words.some((word) => WORDS.has(word) || /(?:SECRET|PASSWORD|TOKEN|APIKEY)$/.test(word));
}
