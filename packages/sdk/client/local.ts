import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** What a running server writes to `<data directory>/server.json`. */
export const LocalServer = z.object({
  pid: z.int().min(1),
  url: z.url(),
  version: z.string(),
  startedAt: z.string(),
  /** Where other machines connect; absent where only this one does. */
  outside: z.object({ host: z.string(), tls: z.boolean() }).optional(),
})
export type LocalServer = z.infer<typeof LocalServer>

export interface Host {
  platform: NodeJS.Platform
  /** Undefined where the system has no numeric users. */
  uid: number | undefined
  home: string
}

const thisHost = (): Host => ({ platform: process.platform, uid: process.getuid?.(), home: homedir() })

/** Where a local instance keeps its data: `AZORA_DATA_DIR`, else the place that the system has for such data. */
export function dataDirectory(env: NodeJS.ProcessEnv, host: Host = thisHost()): string {
  if (env.AZORA_DATA_DIR) return resolve(env.AZORA_DATA_DIR)
  if (host.platform === 'darwin') return join(host.home, 'Library', 'Application Support', 'azora')
  if (host.platform === 'linux' && host.uid === 0) return '/var/lib/azora'
  return join(env.XDG_DATA_HOME || join(host.home, '.local', 'share'), 'azora')
}

/** The server that runs in a data directory; undefined when none does. It may still be unreachable. */
export async function localServer(dataDir: string): Promise<LocalServer | undefined> {
  const text = await textIn(join(dataDir, 'server.json'))
  if (text === undefined) return undefined
  const parsed = LocalServer.safeParse(jsonOf(text))
  return parsed.success && isAlive(parsed.data.pid) ? parsed.data : undefined
}

/** The owner's token; undefined when there is none. Rejects when it may not be read. */
export const ownerToken = (dataDir: string): Promise<string | undefined> => textIn(join(dataDir, 'owner.token'))

/** Where the owner's private key is (PKCS #8 in PEM), unless the owner keeps it elsewhere. */
export const ownerKeyFile = (dataDir: string): string => join(dataDir, 'keys', 'owner.key')

/** Verifier key of the journal (C2SP signed-note `vkey`), to check evidence with; undefined when there is none. */
export const journalKey = (dataDir: string): Promise<string | undefined> =>
  textIn(join(dataDir, 'keys', 'journal.vkey'))

async function textIn(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trim()
    return text === '' ? undefined : text
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined
    throw error
  }
}

/** The file is replaced while a server starts; half of it is as good as none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isErrno(error, 'EPERM')
  }
}

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
