import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Turns a command into one that PostgreSQL agrees to run under. */
export type AsUser = (argv: string[]) => string[]

const UID = '1000'

/**
 * PostgreSQL refuses to run as root. For root the command runs in a user namespace where the very same user is called
 * 1000, so neither the machine's users nor the owner of any file has to change.
 *
 * @param folder private folder in which a passwd file for that namespace is kept
 */
export async function asUnprivilegedUser(folder: string): Promise<AsUser> {
  if (process.getuid?.() !== 0) return (argv) => argv
  const passwd = join(folder, 'passwd')
  await writeFile(passwd, `azora:x:${UID}:${UID}::/:/bin/false\n`)
  const prefix = [
    'bwrap',
    '--dev-bind',
    '/',
    '/',
    '--unshare-user',
    '--uid',
    UID,
    '--gid',
    UID,
    '--ro-bind',
    passwd,
    '/etc/passwd',
    '--',
  ]
  return (argv) => [...prefix, ...argv]
}
