import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AzoraError } from '@azora/base'
import { createToken, isToken } from '@azora/identity'
import { createSigner, type Signer } from '@azora/proof'
import { type LocalServer, localServer } from '@azora/sdk/client'

/** Where one installation keeps what must survive. Everything in it is for its owner's eyes only. */
export interface DataDir {
  path: string
  ownerToken: string
  ownerTokenFile: string
  nodeToken: string
  nodeTokenFile: string
  journalSigner: Signer
  journalKeyFile: string
}

const SECRET_MODE = 0o600

/** @param shard the name under which the journal signs its checkpoints */
export async function openDataDir(path: string, shard: string): Promise<DataDir> {
  const keys = join(path, 'keys')
  await mkdir(keys, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
  const ownerTokenFile = join(path, 'owner.token')
  const nodeTokenFile = join(keys, 'node.token')
  const journalKeyFile = join(keys, 'journal.vkey')
  const journalSigner = createSigner(
    shard,
    createPrivateKey(await readOrCreate(join(keys, 'journal.key'), newPrivateKey)),
  )
  await writeWhole(journalKeyFile, `${journalSigner.verifier.text}\n`, 0o644)
  return {
    path,
    ownerToken: await readToken(ownerTokenFile),
    ownerTokenFile,
    nodeToken: await readToken(nodeTokenFile),
    nodeTokenFile,
    journalSigner,
    journalKeyFile,
  }
}

/** Ed25519, as PKCS #8 in PEM. */
export const newPrivateKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

async function readToken(file: string): Promise<string> {
  const token = (await readOrCreate(file, () => `${createToken()}\n`)).trim()
  if (isToken(token)) return token
  throw new AzoraError('fix', 'token_malformed', `${file} does not hold a token`, {
    remedy: `Remove ${file}; the next start makes a new one.`,
  })
}

/** For its owner's eyes only, also when it was there before. */
export async function readOrCreate(file: string, create: () => string): Promise<string> {
  if (!existsSync(file)) await writeWhole(file, create(), SECRET_MODE)
  await chmod(file, SECRET_MODE)
  return readFile(file, 'utf8')
}

/** Writes beside the file and moves it there, so that a reader never sees half of it. */
export async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const draft = `${file}.${process.pid}.new`
  await writeFile(draft, text, { mode })
  await rename(draft, file)
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
