import { fromBase64, toBase64 } from '#crypto'
import { parseCount } from './count.ts'
import { HASH_BYTES, type Hash } from './merkle.ts'

/** What a log sends to a witness (C2SP tlog-witness, `add-checkpoint`). */
export interface WitnessRequest {
  /** Size of the checkpoint of the log that the witness cosigned last; 0 when there is none. */
  oldSize: number
  /** Consistency proof from that size (RFC 6962, section 2.1.2). */
  proof: readonly Hash[]
  /** The signed checkpoint. */
  note: string
}

const PROOF_MAX = 63
const OLD = /^old (\S+)$/

export const formatWitnessRequest = ({ oldSize, proof, note }: WitnessRequest): string =>
  [`old ${oldSize}`, ...proof.map(toBase64), '', note].join('\n')

/** Reads the body of a request; undefined when it is malformed. The note is not read yet. */
export function parseWitnessRequest(body: string): WitnessRequest | undefined {
  const split = body.indexOf('\n\n')
  if (split === -1) return undefined
  const [first = '', ...lines] = body.slice(0, split).split('\n')
  const oldSize = parseCount(OLD.exec(first)?.[1] ?? '')
  if (oldSize === undefined || lines.length > PROOF_MAX) return undefined
  const proof: Hash[] = []
  for (const line of lines) {
    const node = fromBase64(line)
    if (node?.length !== HASH_BYTES) return undefined
    proof.push(node)
  }
  return { oldSize, proof, note: body.slice(split + 2) }
}
