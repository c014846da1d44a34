import {
  formatWitnessRequest,
  openCosignedCheckpoint,
  type Verifier,
  type WitnessKey,
  type WitnessRequest,
} from '@azora/proof'
import { postText } from './post-text.ts'

/** What a witness answered. */
export type Exchange =
  | { kind: 'cosigned'; line: string; atSeconds: number }
  /** It knows the log up to another size than we thought. */
  | { kind: 'stale'; size: number }
  | { kind: 'contradicts'; why: string }
  /** It doesn't trust the key of the log. */
  | { kind: 'key' }
  | { kind: 'refused'; why: string }
  | { kind: 'unreachable'; why: string }

export interface ExchangeKeys {
  log: readonly Verifier[]
  witness: WitnessKey
}

const SIZE = /^(0|[1-9]\d{0,15})\n$/

/** One `add-checkpoint` (C2SP tlog-witness). A cosignature is verified before it counts. Never rejects. */
export async function exchange(prefix: string, request: WitnessRequest, keys: ExchangeKeys): Promise<Exchange> {
  const answer = await postText(addressOf(prefix, 'add-checkpoint'), formatWitnessRequest(request))
  if ('failure' in answer) return { kind: 'unreachable', why: answer.failure }
  const { status, type, body } = answer
  const why = `${status}: ${body.trim().slice(0, 300)}`
  if (status === 200) return cosignatureIn(request.note, body, keys)
  if (status === 409 && type === 'text/x.tlog.size') {
    const size = Number(SIZE.exec(body)?.[1])
    return Number.isSafeInteger(size) ? { kind: 'stale', size } : { kind: 'refused', why: 'it named no size' }
  }
  if (status === 409 || status === 422) return { kind: 'contradicts', why }
  if (status === 403) return { kind: 'key' }
  return status === 429 || status >= 500 ? { kind: 'unreachable', why } : { kind: 'refused', why }
}

/** Tells a witness how the log came to its newest key. C2SP has no such call, so others than ours answer 404. */
export async function sendKeys(prefix: string, chain: unknown): Promise<boolean> {
  const answer = await postText(addressOf(prefix, 'azora/log-keys'), JSON.stringify(chain))
  return !('failure' in answer) && answer.status === 200
}

const addressOf = (prefix: string, call: string): string => `${prefix.replace(/\/$/, '')}/${call}`

function cosignatureIn(note: string, body: string, { log, witness }: ExchangeKeys): Exchange {
  for (const line of body.split('\n').slice(0, -1)) {
    const opened = openCosignedCheckpoint(`${note}${line}\n`, { log, witnesses: [witness] })
    const [found] = opened?.cosignedBy ?? []
    if (found) return { kind: 'cosigned', line, atSeconds: found.atSeconds }
  }
  return { kind: 'refused', why: 'its answer holds no cosignature of its key' }
}
