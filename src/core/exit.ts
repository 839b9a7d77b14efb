/** The exit codes on which scripts rely. */
export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  findings: 3,
  hollow: 4,
  machinery: 5,
  locked: 75,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
