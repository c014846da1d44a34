import type { Db } from '@azora/base/db'
import {
  EMPTY_FRONTIER,
  extend,
  type Frontier,
  leafHash,
  parseCheckpoint,
  parseNote,
  rootOf,
  toBase64,
} from '@azora/proof'

/** Checks a log by what lies in the database, without the journal's code and without taking the log over. */
export interface LogCheck {
  /**
   * Reads what was added since and throws when the log doesn't continue what was there: places are dense, time does not
   * run backwards, and the signed head has the root of exactly these entries.
   */
  follow(): Promise<number>
  /** The payload of an entry that was followed. */
  payloadAt(index: number): unknown
  /** Throws unless the note is that of a prefix of the log, and the same as every other of its size. */
  claim(note: string, who: string): number
}

interface Row {
  index: string
  header: string
  payload: string | null
}

export function createLogCheck(db: Db, shard: string): LogCheck {
  let frontier: Frontier = EMPTY_FRONTIER
  let lastAt = ''
  const payloads: unknown[] = []
  const roots = new Map<number, string>([[0, toBase64(rootOf(frontier))]])

  const append = ({ index, header, payload }: Row): void => {
    const { index: said, at } = JSON.parse(header) as { index: number; at: string }
    if (Number(index) !== frontier.size || said !== frontier.size)
      throw new Error(`entry ${index} (${said}) stands where ${frontier.size} should`)
    if (at < lastAt) throw new Error(`entry ${index} is older than the one before it`)
    lastAt = at
    frontier = extend(frontier, [leafHash(header)])
    roots.set(frontier.size, toBase64(rootOf(frontier)))
    payloads.push(JSON.parse(payload ?? 'null'))
  }
  const claim = (note: string, who: string): number => {
    const checkpoint = parseCheckpoint(parseNote(note)?.text ?? '')
    if (!checkpoint) throw new Error(`${who} is no checkpoint: ${note}`)
    const root = roots.get(checkpoint.size)
    if (root === undefined) throw new Error(`${who} is of ${checkpoint.size} entries, and the log has ${frontier.size}`)
    if (root !== toBase64(checkpoint.root)) throw new Error(`${who} of ${checkpoint.size} entries has another root`)
    return checkpoint.size
  }
  return {
    follow: () =>
      // One snapshot: somebody may still be writing.
      db.transaction(async (tx) => {
        await tx.query('set transaction isolation level repeatable read')
        const { rows } = await tx.query<Row>(
          'select index, header, payload from journal.entry where shard = $1 and index >= $2 order by index',
          [shard, frontier.size],
        )
        for (const row of rows) append(row)
        const { rows: heads } = await tx.query<{ checkpoint: string }>(
          'select checkpoint from journal.shard where id = $1',
          [shard],
        )
        const [head] = heads
        const size = head ? claim(head.checkpoint, 'the head') : 0
        if (size !== frontier.size) throw new Error(`the head is of ${size} entries, and the log has ${frontier.size}`)
        return size
      }),
    payloadAt: (index) => payloads[index],
    claim,
  }
}
