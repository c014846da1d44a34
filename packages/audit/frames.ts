import type { RunState } from '@azora/contracts'
import type { Hash } from '@azora/proof'

/**
 * The export of a log is a row of frames. All integers are big-endian. A frame is a length (u32, of what follows), a type
 * (u8) and a body. A field is a length (u32) and so many bytes; the length 0xffffffff says that it is absent.
 *
 * | type | body |
 * |---|---|
 * | 0 start | fields: the checkpoint (a C2SP signed note) that the export leads to; the log's verifier keys, a line each |
 * | 1 entry | index (u64), then fields: 0x00 and the header, which is the leaf's input (RFC 9162, section 2.1.1); salt and payload, absent once erased; and what the server derived and keeps: leaf hash, kind, run, the state of the run and, as eight bytes, the index that brought it |
 * | 2 node | level (u8), index (u64), the kept root of that complete subtree (32 bytes); comes before the last entry below it |
 * | 3 end | index (u64) behind the last entry; a stream that ends without it was cut off |
 */
export type Frame =
  | { type: 'start'; checkpoint: string; keys: string[] }
  | ({ type: 'entry' } & LoggedEntry)
  | { type: 'node'; level: number; index: number; hash: Hash }
  | { type: 'end'; size: number }

/** An entry with what the server keeps beside it. */
export interface LoggedEntry {
  index: number
  /** A zero byte and the header. */
  leafInput: Buffer
  /** The salt and the payload; undefined when they were erased. */
  payloadInput: Buffer | undefined
  kept: {
    leaf: Buffer
    kind: string
    run: string | undefined
    /** Of an entry that moves its run: where the server has the run now. */
    state: { state: RunState | string; index: number } | undefined
  }
}

export const FRAME_BYTES_MAX = 32 * 1024 * 1024
export const TYPES = { start: 0, entry: 1, node: 2, end: 3 } as const
export const ABSENT = 0xffffffff
export const HASH_BYTES = 32
export const SALT_BYTES = 16
