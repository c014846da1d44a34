import { AzoraError } from '@azora/base'
import { type Entry, type Json, SIGNAL_BYTES_MAX, SIGNALS_WAITING_MAX, type SignalAccepted } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { digestOf } from '@azora/proof'
import { readRun } from './control.ts'
import type { Caller } from './schedule.ts'

type Log = Pick<Journal, 'append' | 'within'>

/**
 * Puts word for a run on record; a step that waits for it, or will, takes it. It is the caller's: the entry's actor.
 *
 * @param idempotencyKey a second request with the same key changes nothing, also when the run has ended meanwhile
 * @throws AzoraError `run_not_found`, `run_ended`, `signal_too_large`, `signals_too_many`, `idempotency_key_reused`
 */
export async function signalRun(
  journal: Log,
  caller: Caller,
  runId: string,
  signal: { name: string; data: Json },
  idempotencyKey?: string,
): Promise<SignalAccepted> {
  const fold = await readRun(journal, caller, runId)
  const earlier = idempotencyKey && (await sentBefore(journal, caller, runId, idempotencyKey))
  if (earlier) return answer(earlier, caller, signal)
  if (fold.finishedAt)
    throw new AzoraError('conflict', 'run_ended', `run ${runId} has ended (${fold.state}) and waits for nothing`)
  if (Buffer.byteLength(JSON.stringify(signal.data)) > SIGNAL_BYTES_MAX)
    throw new AzoraError('fix', 'signal_too_large', `the data of a signal has at most ${SIGNAL_BYTES_MAX} bytes`, {
      remedy: 'Keep large data elsewhere, and send its address and digest.',
    })
  if (fold.signals.length >= SIGNALS_WAITING_MAX)
    throw new AzoraError('conflict', 'signals_too_many', `run ${runId} has ${SIGNALS_WAITING_MAX} signals to take`, {
      remedy: 'Send it when the run has taken some: azora run show',
    })
  const { header, duplicate } = await journal.append({
    kind: 'run.signalled',
    tenant: caller.tenant,
    actor: caller.id,
    run: runId,
    payload: { ...signal, ...(idempotencyKey && { idempotencyKey }) },
    ...(idempotencyKey && { key: `signal:${runId}:${idempotencyKey}` }),
  })
  if (!duplicate) return { index: header.index, duplicate: false }
  const first = await journal.within(caller.tenant).entry(header.index)
  return answer(first as Entry<'run.signalled'>, caller, signal)
}

async function sentBefore(
  journal: Log,
  { tenant }: Caller,
  runId: string,
  key: string,
): Promise<Entry<'run.signalled'> | undefined> {
  const entries = await journal.within(tenant).readRun(runId)
  return entries.find(
    (entry): entry is Entry<'run.signalled'> & Entry =>
      entry.header.kind === 'run.signalled' &&
      entry.payload !== null &&
      'idempotencyKey' in entry.payload &&
      entry.payload.idempotencyKey === key,
  )
}

function answer(
  { header, payload }: Entry<'run.signalled'>,
  caller: Caller,
  { name, data }: { name: string; data: Json },
): SignalAccepted {
  const same =
    header.actor === caller.id && digestOf({ name, data }) === digestOf({ name: payload.name, data: payload.data })
  if (same) return { index: header.index, duplicate: true }
  throw new AzoraError('conflict', 'idempotency_key_reused', 'this Idempotency-Key was used for another signal', {
    remedy: 'Use a new key for a new signal.',
  })
}
