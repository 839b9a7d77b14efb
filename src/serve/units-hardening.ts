/**
 * Restrictions of the services. Both run as root, because volumes belong to whatever users the apps have. Of root's
 * powers they keep only those over files, and those that confine a volume's links to it: a mount namespace
 * (`CAP_SYS_ADMIN`, `CAP_SYS_CHROOT`) whose work then gives these up (`CAP_SETPCAP`). docs/operations.md explains each
 * exception.
 */
export const HARDENING: readonly string[] = [
  "# Hardening. What is left open, and why: docs/operations.md",
  "UMask=0077",
  "CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETFCAP",
  "CapabilityBoundingSet=CAP_SYS_ADMIN CAP_SYS_CHROOT CAP_SETPCAP",
  "NoNewPrivileges=yes",
  "ProtectSystem=strict",
  "ProtectHome=read-only",
  "PrivateTmp=yes",
  "PrivateDevices=yes",
  "PrivateMounts=yes",
  "DevicePolicy=closed",
  "ProtectClock=yes",
  "ProtectControlGroups=yes",
  "ProtectHostname=yes",
  "ProtectKernelLogs=yes",
  "ProtectKernelModules=yes",
  "ProtectKernelTunables=yes",
  "LockPersonality=yes",
  "RemoveIPC=yes",
  "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
  "RestrictNamespaces=mnt",
  "RestrictRealtime=yes",
  "SystemCallArchitectures=native",
  "SystemCallFilter=@system-service",
  "SystemCallFilter=~@resources @privileged",
  "SystemCallFilter=@chown @mount capset",
  "SystemCallErrorNumber=EPERM",
];

/** Those of these paths that the units cannot see: `PrivateTmp` gives them a private `/tmp` and `/var/tmp`. */
export function hiddenFromUnits(paths: readonly string[]): string[] {
  return paths.filter((path) => /^\/(?:var\/)?tmp\//.test(path));
}
