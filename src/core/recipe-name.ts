import { z } from "zod";

/** A recipe's name. It is also a folder, a git repository and part of a domain, which limits its characters. */
export const RecipeName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,57}$/,
    "lower-case letters, digits and '-', at most 58, not beginning with '-'",
  );
