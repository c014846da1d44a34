import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type LogPosition, RUN_PARTS } from '@azora/audit'
import { KeyChain } from '@azora/contracts'
import { z } from 'zod'
import { CliError, EXIT } from '../exit.ts'
import { cutShelf, shelfLengths } from './shelf.ts'

/** What an audit keeps, so that the next one goes on from there. */
export interface KeptState {
  /** The C2SP signed note that was verified. */
  checkpoint: string
  position: LogPosition
}

const Position = z.strictObject({
  format: z.literal('azora.audit-position.v1'),
  origin: z.string().max(255),
  size: z.int().min(0),
  roots: z.array(z.base64().length(44)).max(53),
  lastAt: z.string().max(24),
  chain: KeyChain,
  /** Bytes of each file of runs. */
  runs: z.array(z.int().min(0)).length(RUN_PARTS),
})

const FILES = { checkpoint: 'checkpoint', position: 'position.json', lock: 'lock' }

/** The kept state of a folder, with its files as they were then; undefined for a new folder. */
export async function readState(folder: string): Promise<KeptState | undefined> {
  const text = await readIfThere(join(folder, FILES.position))
  const checkpoint = await readIfThere(join(folder, FILES.checkpoint))
  if (text === undefined) {
    await cutShelf(folder, [])
    return undefined
  }
  const parsed = Position.safeParse(jsonIn(text))
  if (!parsed.success || checkpoint === undefined) throw unreadable(folder, 'it is not what an audit keeps')
  const { format: _, roots, runs, ...position } = parsed.data
  if (!(await cutShelf(folder, runs))) throw unreadable(folder, 'some of what was kept of runs is gone')
  return { checkpoint, position: { ...position, roots: roots.map((root) => Buffer.from(root, 'base64')) } }
}

/** Keeps a state; the one before stays until this one is whole. */
export async function writeState(folder: string, { checkpoint, position }: KeptState): Promise<void> {
  const value: z.infer<typeof Position> = {
    format: 'azora.audit-position.v1',
    ...position,
    roots: position.roots.map((root) => Buffer.from(root).toString('base64')),
    chain: [...position.chain],
    runs: await shelfLengths(folder),
  }
  await writeWhole(join(folder, FILES.checkpoint), checkpoint)
  await writeWhole(join(folder, FILES.position), `${JSON.stringify(value)}\n`)
}

/** Makes the folder and takes it for this process. Resolves with how to let it go. */
export async function lockState(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = join(folder, FILES.lock)
  const holder = Number(await readIfThere(lock))
  if (holder > 0 && !isAlive(holder)) await rm(lock, { force: true })
  await writeFile(lock, `${process.pid}\n`, { flag: 'wx', mode: 0o600 }).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'EEXIST') throw thrown
    const remedy = `Wait for it; if none runs, remove ${lock}.`
    throw new CliError(EXIT.conflict, 'state_in_use', `another audit uses ${folder}`, remedy)
  })
  return () => rm(lock, { force: true })
}

async function writeWhole(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
}

const readIfThere = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return undefined
    throw thrown
  })

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const unreadable = (folder: string, why: string): CliError =>
  new CliError(
    EXIT.usage,
    'state_invalid',
    `the state in ${folder} can't be used: ${why}`,
    'Verify from the start with another folder, or without --state.',
  )
