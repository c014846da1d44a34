import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Log, readLines } from '@azora/base'
import {
  consistencyPath,
  formatWitnessRequest,
  type Hash,
  leafHash,
  openCosignedCheckpoint,
  parseWitnessKey,
  type Signer,
  signCheckpoint,
  type WitnessKey,
} from '@azora/proof'
import { parseOptions } from '../../apps/witness/options.ts'
import { runWitness } from '../../apps/witness/run.ts'
import { growTree } from '../../packages/proof/testing/log.ts'
import { ROOT } from './cli.ts'

const PROGRAM = join(ROOT, 'apps/witness/main.ts')

/** The witness program as a process of its own. */
export interface RunningWitness {
  url: string
  key: WitnessKey
  child: ChildProcess
  stderr(): string
  /** Ends it by a signal; resolves with its exit code when it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

export interface WitnessSpec {
  state: string
  /** Verifier keys of logs. */
  logs: string[]
  listen?: string
  flags?: string[]
}

/** Resolves when it listens; rejects with what it said when it ends before. */
export async function startWitness({
  state,
  logs,
  listen = '127.0.0.1:0',
  flags = [],
}: WitnessSpec): Promise<RunningWitness> {
  const args = [PROGRAM, 'run', '--json', '--state', state, '--listen', listen, ...flags]
  const child = spawn(process.execPath, [...args, ...logs.flatMap((vkey) => ['--log', vkey])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve))
  // A test that fails half-way leaves nothing behind.
  process.once('exit', () => child.kill('SIGKILL'))
  const said = await new Promise<{ url: string; key: string } | undefined>((resolve) => {
    readLines(
      child.stdout,
      10_000,
      (line) => resolve(JSON.parse(line)),
      () => resolve(undefined),
    )
  })
  if (!said) {
    await gone
    throw new Error(`the witness ended: ${stderr}`)
  }
  return {
    url: said.url,
    key: parseWitnessKey(said.key) as WitnessKey,
    child,
    stderr: () => stderr,
    end(signal) {
      child.kill(signal)
      return gone
    },
  }
}

/** The same witness within this process, for tests that need no crash. */
export async function openWitness({ state, logs, listen = '127.0.0.1:0', flags = [] }: WitnessSpec) {
  const said: string[] = []
  const note = (level: string) => (_fields: object, text: string) => void said.push(`${level} ${text}`)
  const log = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
    fatal: note('fatal'),
  }
  const argv = ['run', '--state', state, '--listen', listen, ...flags, ...logs.flatMap((vkey) => ['--log', vkey])]
  const { url, key, stop } = await runWitness(parseOptions(argv), log as unknown as Log)
  return { url, key: parseWitnessKey(key) as WitnessKey, said, stop }
}

/** A log of a test's own making, of any length and with any past. */
export interface TestLog {
  note(size: number): string
  proof(from: number, to: number): Hash[]
}

/** @param forkAt from this entry on it differs from a log without */
export function testLog(signer: Signer, size: number, forkAt = size): TestLog {
  const leaves = Array.from({ length: size }, (_, at) => leafHash(at < forkAt ? `entry ${at}` : `other ${at}`))
  return {
    note(to) {
      const { root } = growTree(leaves.slice(0, to))
      return signCheckpoint({ origin: signer.verifier.name, size: to, root }, signer)
    },
    proof: (from, to) => consistencyPath(from, to, growTree(leaves.slice(0, to)).nodeAt),
  }
}

export interface WitnessAnswer {
  status: number
  type: string | null
  body: string
}

export async function postTo(url: string, path: string, body: string): Promise<WitnessAnswer> {
  const answer = await fetch(new URL(path, url), { method: 'POST', body })
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() }
}

/** Asks a witness to cosign a log's checkpoint of `to` entries, as one that it knows up to `from`. */
export const submit = (url: string, log: TestLog, from: number, to: number): Promise<WitnessAnswer> =>
  postTo(url, 'add-checkpoint', formatWitnessRequest({ oldSize: from, proof: log.proof(from, to), note: log.note(to) }))

/** Whether the answer is a cosignature of the witness over this note. */
export const isCosigned = (note: string, { body }: WitnessAnswer, key: WitnessKey, log: Signer): boolean =>
  openCosignedCheckpoint(note + body, { log: [log.verifier], witnesses: [key] })?.cosignedBy.length === 1
