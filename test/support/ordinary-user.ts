// In this user namespace root is an ordinary user, who is bound by file permissions.
const AS_USER_ONE_THOUSAND = ['--user', '--map-user=1000', '--map-group=1000', '--']

/** A command as somebody would run it who is not root, to whom no file is forbidden. */
export function asOrdinaryUser(command: string, args: string[]): [command: string, args: string[]] {
  if (process.getuid?.() !== 0) return [command, args]
  return ['unshare', [...AS_USER_ONE_THOUSAND, command, ...args]]
}
