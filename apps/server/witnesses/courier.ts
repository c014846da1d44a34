import { type Log, timestamp, toAzoraError } from '@azora/base'
import type { KeyChain, PublishedCheckpoint, WitnessView } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { type PolicyWitness, type Verifier, type WitnessKey, withSignaturesOf } from '@azora/proof'
import { type Exchange, exchange, sendKeys } from './exchange.ts'

/** Brings checkpoints to one witness. */
export interface Courier {
  readonly key: WitnessKey
  /** Asks the witness to cosign; resolves with whether it did. Does nothing while it has to wait. Never rejects. */
  bring(checkpoint: PublishedCheckpoint): Promise<boolean>
  /** When it is to be asked again for what it did not cosign, in milliseconds since 1970. */
  retryAt(): number | undefined
  view(): WitnessView
}

export interface CourierDeps {
  journal: Pick<Journal, 'append' | 'cosign' | 'proveConsistency' | 'publishedCheckpoints'>
  tenant: string
  logKeys: () => readonly Verifier[]
  keyChain: () => KeyChain
  now: () => number
  log: Log
}

/** First contact, the witness' real size, and once more after the key was explained. */
const EXCHANGES_MAX = 4
const RETRY_MS_MAX = 30_000
const REFUSED_MS = 30_000

interface Standing {
  state: WitnessView['state']
  problem?: string
}

export function createCourier({ name, key, url }: PolicyWitness, deps: CourierDeps): Courier {
  const { journal, log } = deps
  let standing: Standing = url === undefined ? { state: 'unasked' } : { state: 'ok' }
  /** Up to where the witness knows the log, as far as we know. */
  let known = 0
  let cosigned: { size: number; atSeconds: number } | undefined
  let failures = 0
  let waitsUntilMs = 0

  async function request(prefix: string, { size, note }: PublishedCheckpoint): Promise<Exchange> {
    const proof = await journal.proveConsistency(known, size)
    const log = deps.logKeys()
    return exchange(prefix, { oldSize: known, proof, note: withSignaturesOf(note, log) ?? note }, { log, witness: key })
  }

  /** The witness is ahead of what we published: of us, or of all that is on record here. */
  async function flawInSize(size: number): Promise<string | undefined> {
    const later = await journal.publishedCheckpoints(size - 1, 1)
    return later.length > 0 ? undefined : `it saw ${size} entries of this log, which are not here`
  }

  async function negotiate(prefix: string, checkpoint: PublishedCheckpoint): Promise<Exchange> {
    let keysSent = false
    let last: Exchange = { kind: 'refused', why: 'it contradicts itself about what it knows' }
    for (let count = 0; count < EXCHANGES_MAX; count += 1) {
      const answer = await request(prefix, checkpoint)
      if (answer.kind === 'stale' && answer.size > checkpoint.size) {
        const why = await flawInSize(answer.size)
        known = Math.max(known, answer.size)
        return why === undefined
          ? { kind: 'unreachable', why: 'another server asks it too' }
          : { kind: 'contradicts', why }
      }
      if (answer.kind === 'stale') known = answer.size
      else if (answer.kind === 'key' && !keysSent && deps.keyChain().length > 0) {
        keysSent = await sendKeys(prefix, deps.keyChain())
        last = answer
        if (!keysSent) return answer
      } else return answer
    }
    return last
  }

  async function settle(answer: Exchange, checkpoint: PublishedCheckpoint): Promise<boolean> {
    if (answer.kind === 'cosigned') {
      await journal.cosign({ size: checkpoint.size, witness: key.text, line: answer.line })
      known = checkpoint.size
      cosigned = { size: checkpoint.size, atSeconds: answer.atSeconds }
      failures = 0
      standing = { state: 'ok' }
      return true
    }
    failures += 1
    const unreachable = answer.kind === 'unreachable'
    const backoffMs = Math.min(RETRY_MS_MAX, 500 * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2)
    waitsUntilMs = deps.now() + (unreachable ? backoffMs : REFUSED_MS)
    const problem = problemOf(answer)
    if (answer.kind === 'contradicts') await accuse(answer.why, checkpoint)
    else if (standing.problem !== problem) log.warn({ witness: name, problem }, 'a witness does not cosign')
    standing = {
      state: unreachable ? 'unreachable' : answer.kind === 'contradicts' ? 'contradicts' : 'refused',
      problem,
    }
    return false
  }

  /** Once for each size that the witness holds against us, so that the record doesn't grow by its own entries. */
  async function accuse(why: string, { note }: PublishedCheckpoint): Promise<void> {
    log.fatal({ witness: name, why }, 'A WITNESS SAW ANOTHER LOG THAN THIS ONE')
    const draft = {
      kind: 'witness.refused' as const,
      tenant: deps.tenant,
      actor: 'system:journal',
      payload: { witness: key.text, why: why.slice(0, 1_000), seen: known, shown: note },
      key: `witness.refused ${key.text} ${known}`,
    }
    await journal.append(draft).catch((thrown) => {
      log.error({ err: toAzoraError(thrown) }, 'the refusal of a witness could not be put on record')
    })
  }

  return {
    key,
    async bring(checkpoint) {
      if (url === undefined || deps.now() < waitsUntilMs) return false
      if (cosigned?.size === checkpoint.size) return true
      try {
        return await settle(await negotiate(url, checkpoint), checkpoint)
      } catch (thrown) {
        log.error({ err: toAzoraError(thrown), witness: name }, 'a checkpoint could not be brought to a witness')
        return settle({ kind: 'unreachable', why: toAzoraError(thrown).message }, checkpoint)
      }
    },
    retryAt: () => (url === undefined || standing.state === 'ok' ? undefined : waitsUntilMs),
    view: () => ({
      name,
      key: key.text,
      ...(url !== undefined && { url }),
      ...standing,
      ...(cosigned && { size: cosigned.size, at: timestamp(cosigned.atSeconds * 1_000) }),
    }),
  }
}

function problemOf(answer: Exclude<Exchange, { kind: 'cosigned' }>): string {
  if (answer.kind === 'key') return "it doesn't trust the key of this log"
  return answer.kind === 'stale' ? `it knows ${answer.size} entries` : answer.why
}
