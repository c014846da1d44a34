import { hash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AzoraError, writeWhole } from '@azora/base'
import { KeyChain } from '@azora/contracts'
import { type Checkpoint, createKeyTrust, type KeyTrust, parseCheckpoint, parseNote, type Verifier } from '@azora/proof'

/** What a witness remembers of one log. */
export interface LogState {
  origin: string
  /** A short name for files. */
  id: string
  /** The checkpoint that was cosigned last, with the note that was kept of it. */
  latest: { checkpoint: Checkpoint; note: string } | undefined
  /** The log's keys that count now. */
  keysAt(nowMs: number): Verifier[]
  /** Makes a checkpoint the latest; resolves when it is on disk. */
  advance(checkpoint: Checkpoint, note: string): Promise<void>
  /** Follows a chain of keys from one that is trusted; answers what is wrong with it. Resolves when it is on disk. */
  follow(chain: KeyChain): Promise<string | undefined>
}

const FILE_MODE = 0o644

const idOf = (origin: string): string => hash('sha256', origin, 'hex').slice(0, 16)

/** @param keys the log's keys that the operator trusts; at least one */
export async function openLogState(folder: string, origin: string, keys: readonly Verifier[]): Promise<LogState> {
  const id = idOf(origin)
  const place = join(folder, id)
  await mkdir(place, { recursive: true, mode: 0o700 })
  const latestFile = join(place, 'latest.note')
  const chainFile = join(place, 'keys.json')
  const fromRoots = (): KeyTrust[] => keys.map((key) => createKeyTrust(key))
  const trusts = fromRoots()
  const recorded = await readChain(chainFile)
  if (recorded) followAny(trusts, recorded)
  let kept = newestOf(trusts)
  let latest = await readLatest(latestFile, origin)
  return {
    origin,
    id,
    get latest() {
      return latest
    },
    keysAt: (nowMs) => trusts.flatMap((trust) => [...trust.keysAt(nowMs)]),
    async advance(checkpoint, note) {
      await writeWhole(latestFile, note, FILE_MODE)
      latest = { checkpoint, note }
    },
    async follow(chain) {
      // Anybody may send one. What is kept has to lead to the newest key by itself, and never says less than before.
      const flaw = followAny(fromRoots(), chain) ?? followAny(trusts, chain)
      if (flaw === undefined && newestOf(trusts) !== kept) {
        await writeWhole(chainFile, `${JSON.stringify(chain)}\n`, FILE_MODE)
        kept = newestOf(trusts)
      }
      return flaw
    },
  }
}

/** The keys that nothing succeeded yet. */
const newestOf = (trusts: readonly KeyTrust[]): string =>
  trusts.flatMap((trust) => trust.keysAt(Number.MAX_VALUE).map(({ text }) => text)).join('\n')

/** One key from which the chain leads on is enough. */
function followAny(trusts: readonly KeyTrust[], chain: KeyChain): string | undefined {
  const flaws = trusts.map((trust) => trust.follow(chain))
  return flaws.includes(undefined) ? undefined : flaws[0]
}

/** The note that was kept of a log; its signatures were verified before it was. */
export async function readLatest(file: string, origin?: string): Promise<LogState['latest']> {
  const note = await textIn(file)
  if (note === undefined) return undefined
  const checkpoint = parseCheckpoint(parseNote(note)?.text ?? '')
  if (checkpoint && (origin === undefined || checkpoint.origin === origin)) return { checkpoint, note }
  throw new AzoraError('conflict', 'witness_state_corrupt', `${file} holds no checkpoint of ${origin ?? 'a log'}`, {
    remedy: 'The state was damaged: find out why before this key cosigns again, or start over with a new key.',
  })
}

async function readChain(file: string): Promise<KeyChain | undefined> {
  const text = await textIn(file)
  if (text === undefined) return undefined
  const parsed = KeyChain.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  throw new AzoraError('conflict', 'witness_state_corrupt', `${file} holds no chain of keys`, {
    remedy: 'Remove it: the log sends it again when its key changes.',
  })
}

async function textIn(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw thrown
  }
}
