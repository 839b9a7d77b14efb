/** The longest stack name that abra derives from a domain. Source: abra's documentation of app names. */
const LONGEST = 45;

/** The stack name that abra gives an app: the domain with `.` as `_`, cut to 45 characters. */
export function stackName(domain: string): string {
  return domain.replaceAll(".", "_").slice(0, LONGEST);
}
