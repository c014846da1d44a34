import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AzoraError, readOrCreate, SECRET_MODE, writeWhole } from '@azora/base'
import { createToken, isToken } from '@azora/identity'
import type { KeyStore } from '@azora/journal'
import type { Signer } from '@azora/proof'
import { type LocalServer, localServer } from '@azora/sdk/client'
import { openJournalKeys } from './journal-keys.ts'

/** Where one installation keeps what must survive. Everything in it is for its owner's eyes only. */
export interface DataDir {
  path: string
  ownerToken: string
  ownerTokenFile: string
  nodeToken: string
  nodeTokenFile: string
  journalSigner: Signer
  /** The keys that come after it. */
  journalKeys: KeyStore
  journalKeyFile: string
}

/** @param shard the name under which the journal signs its checkpoints */
export async function openDataDir(path: string, shard: string): Promise<DataDir> {
  const keys = join(path, 'keys')
  await mkdir(keys, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
  const ownerTokenFile = join(path, 'owner.token')
  const nodeTokenFile = join(keys, 'node.token')
  const journalKeyFile = join(keys, 'journal.vkey')
  const { signer: journalSigner, store: journalKeys } = await openJournalKeys(keys, shard)
  return {
    path,
    ownerToken: await readToken(ownerTokenFile),
    ownerTokenFile,
    nodeToken: await readToken(nodeTokenFile),
    nodeTokenFile,
    journalSigner,
    journalKeys,
    journalKeyFile,
  }
}

async function readToken(file: string): Promise<string> {
  const token = (await readOrCreate(file, () => `${createToken()}\n`)).trim()
  if (isToken(token)) return token
  throw new AzoraError('fix', 'token_malformed', `${file} does not hold a token`, {
    remedy: `Remove ${file}; the next start makes a new one.`,
  })
}

const recordFile = (dataDir: string): string => join(dataDir, 'server.json')

export const writeServerRecord = (dataDir: string, record: LocalServer): Promise<void> =>
  writeWhole(recordFile(dataDir), `${JSON.stringify(record)}\n`, SECRET_MODE)

export const removeServerRecord = (dataDir: string): Promise<void> => rm(recordFile(dataDir), { force: true })

/** Throws `already_running` when a live server has the data directory. The journal's fence would stop the older one anyway. */
export async function assertNotRunning(dataDir: string): Promise<void> {
  const running = await localServer(dataDir)
  if (!running || running.pid === process.pid) return
  const { pid, url } = running
  throw new AzoraError(
    'conflict',
    'already_running',
    `a server with this data directory runs already: ${url} (process ${pid})`,
    {
      remedy: `Use it, stop it with kill ${pid}, or choose another directory with --data.`,
    },
  )
}
