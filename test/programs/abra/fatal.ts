/** What abra ends with: one line on *standard output*, and always exit code 1. */
export class Fatal extends Error {}

export function fatal(message: string): never {
  throw new Fatal(message);
}

export function info(message: string): void {
  process.stdout.write(`INFO ${message}\n`);
}

export function warn(message: string): void {
  process.stdout.write(`WARN ${message}\n`);
}
