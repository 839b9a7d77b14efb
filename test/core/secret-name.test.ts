import { expect, it } from "vitest";
import { isSecretName } from "../../src/core/secrets/secret-name.ts";

it.each([
  "DB_PASSWORD",
  "OIDC_CLIENT_SECRET",
  "API_KEY",
  "APIKEY",
  "GITEA_TOKEN",
  "smtp_pass",
  "MYSQLPASSWORD",
])("%s is the name of a secret", (name) => expect(isSecretName(name)).toBe(true));

it.each(["DOMAIN", "KEYCLOAK_URL", "MONKEY", "PASSENGER_POOL", "TOKENIZER_MODEL"])(
  "%s is not the name of a secret",
  (name) => expect(isSecretName(name)).toBe(false),
);
