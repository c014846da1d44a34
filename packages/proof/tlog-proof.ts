import { equal, fromBase64, toBase64 } from '#crypto'
import type { Checkpoint } from './checkpoint.ts'
import { parseCount } from './count.ts'
import { HASH_BYTES, type Hash, rootFromInclusion } from './merkle.ts'

/** That a record is in a log, as one text that verifies offline (C2SP tlog-proof). */
export interface TlogProof {
  /** Of the record in the log. */
  index: number
  /** Leaf side first. */
  path: Hash[]
  /** The signed checkpoint, word for word. */
  checkpoint: string
  /** Unauthenticated, for the application; up to 64 KiB. Absent when there is none. */
  extra?: Uint8Array
}

const HEADER = 'c2sp.org/tlog-proof@v1'
const PATH_MAX = 64
const EXTRA_BYTES_MAX = 64 * 1024
const CHARS_MAX = 512 * 1024

/** Throws a RangeError for more extra data than a reader accepts. */
export function formatTlogProof({ index, path, checkpoint, extra }: TlogProof): string {
  if (extra && extra.length > EXTRA_BYTES_MAX)
    throw new RangeError(`a proof carries up to ${EXTRA_BYTES_MAX} bytes of extra data`)
  const lines = [HEADER, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...path.map(toBase64)]
  return `${lines.join('\n')}\n\n${checkpoint}`
}

/** Reads a proof; undefined when it is malformed. Nothing of it is verified: see `isProvedBy`. */
export function parseTlogProof(text: string): TlogProof | undefined {
  const split = text.indexOf('\n\n')
  if (text.length > CHARS_MAX || split === -1) return undefined
  const [header, ...lines] = text.slice(0, split).split('\n')
  if (header !== HEADER) return undefined
  const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines[0].slice('extra '.length)) : null
  if (extra === undefined || (extra && extra.length > EXTRA_BYTES_MAX)) return undefined
  const [indexLine = '', ...nodes] = extra ? lines.slice(1) : lines
  const index = indexLine.startsWith('index ') ? parseCount(indexLine.slice('index '.length)) : undefined
  if (index === undefined || nodes.length > PATH_MAX) return undefined
  const path: Hash[] = []
  for (const line of nodes) {
    const node = fromBase64(line)
    if (node?.length !== HASH_BYTES) return undefined
    path.push(node)
  }
  return { index, path, checkpoint: text.slice(split + 2), ...(extra && { extra }) }
}

/**
 * Whether the proof leads from a record to the tree of its checkpoint.
 *
 * @param checkpoint the proof's, opened with keys that are trusted
 */
export function isProvedBy(proof: Pick<TlogProof, 'index' | 'path'>, leaf: Hash, checkpoint: Checkpoint): boolean {
  const root = rootFromInclusion(proof.index, checkpoint.size, leaf, proof.path)
  return root !== undefined && equal(root, checkpoint.root)
}
