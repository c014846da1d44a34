import { generateKeyPairSync } from 'node:crypto'
import { type Clock, silentLog, systemClock, uuidv7 } from '@azora/base'
import type { Db } from '@azora/base/db'
import type { RunSpec, RunState } from '@azora/contracts'
import { createJournal, type Draft, type Journal, type PayloadEncryption } from '@azora/journal'
import { createSigner, type Signer } from '@azora/proof'

const SHARD = 'azora/test'

export const newSigner = (shard = SHARD): Signer => createSigner(shard, generateKeyPairSync('ed25519').privateKey)

export interface OpenOptions {
  signer?: Signer
  onFenced?: () => void
  clock?: Clock
  encryption?: PayloadEncryption
}

export const openJournal = (
  db: Db,
  { signer = newSigner(), onFenced = () => {}, clock = systemClock, encryption }: OpenOptions = {},
): Promise<Journal> => createJournal({ db, signer, encryption, clock, log: silentLog, onFenced })

export const newRunId = (): string => uuidv7(Date.now())

const COMMON = { tenant: 'default', actor: 'user:owner' }

const specFor = (runId: string, change: Partial<RunSpec> = {}): RunSpec => ({
  runId,
  agentId: 'tester',
  agentVersion: '1.0.0',
  tenant: 'default',
  owner: 'user:owner',
  input: {},
  scope: { read: [], write: [], hosts: [] },
  priority: 5,
  budget: { actions: 200, turns: 50 },
  createdAt: '2026-01-01T00:00:00.000Z',
  ...change,
})

export const schedule = (run: string, change: Partial<Draft<'run.scheduled'>> = {}): Draft<'run.scheduled'> => ({
  ...COMMON,
  kind: 'run.scheduled',
  run,
  payload: { spec: specFor(run) },
  transition: { to: 'scheduled' },
  ...change,
})

export const move = (run: string, from: RunState, to: RunState): Draft<'run.resumed'> => ({
  ...COMMON,
  kind: 'run.resumed',
  run,
  payload: {},
  transition: { from, to },
})

/** An entry that changes no state. */
export const note = (
  run: string,
  text: string,
  change: Partial<Draft<'agent.recognized'>> = {},
): Draft<'agent.recognized'> => ({
  ...COMMON,
  kind: 'agent.recognized',
  run,
  payload: { pattern: text },
  ...change,
})

/** The shortest life of a run, so that its evidence is complete. */
export async function liveRun(journal: Journal, run: string = newRunId()): Promise<string> {
  await journal.append(schedule(run))
  await journal.append(move(run, 'scheduled', 'running'))
  await journal.append(note(run, `about ${run}`))
  await journal.append(move(run, 'running', 'fail'))
  return run
}
