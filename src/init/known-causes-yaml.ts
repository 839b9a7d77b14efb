/** The `known-causes.yaml` from `init`: no entry, and an example of one. */
export const KNOWN_CAUSES_YAML = `# yaml-language-server: $schema=./schemas/known-causes.schema.json
# Errors that somebody has explained. A match labels the row of a recipe that is not green; it hides nothing:
# label and exit code stay. An entry past its date is named in every report until somebody looks at it again.
schema: 1
causes: []
#  - id: forge-502
#    pattern: 'HTTP 502 from git\\.example\\.org'   # tried on each line of the error, the output and the log
#    cause: outside                               # recipe, test, machinery, outside or flake
#    link: https://git.example.org/ops/issues/7
#    owner: maria
#    until: "2026-09-30"                          # the last day on which it counts
#    recipes: [gitea]                             # absent: all
`;
