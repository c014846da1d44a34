import { ABSENT, HASH_BYTES, SALT_BYTES, TYPES } from './frames.ts'

/** An entry as a store has it. */
export interface StoredEntry {
  index: number
  header: string
  payload: string | null
  salt: Uint8Array | null
  leaf: Uint8Array
  kind: string
  run: string | null
  state?: { state: string; index: number } | undefined
}

const FRAME_HEAD = 5
const FIELD_HEAD = 4
const ENTRY_FIELDS = 7
const U64 = 8

/** The frames of entries in one piece. */
export function encodeEntries(entries: readonly StoredEntry[]): Buffer {
  const sizes = entries.map(sizesOf)
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, { frame }) => sum + FIELD_HEAD + frame, 0))
  let at = 0
  entries.forEach((entry, place) => {
    at = writeEntry(bytes, at, entry, sizes[place] as Sizes)
  })
  return bytes
}

export function encodeStart(checkpoint: string, keys: readonly string[]): Buffer {
  const [note, list] = [Buffer.from(checkpoint), Buffer.from(keys.join('\n'))]
  const bytes = Buffer.allocUnsafe(FRAME_HEAD + 2 * FIELD_HEAD + note.length + list.length)
  let at = writeHead(bytes, 0, bytes.length - FIELD_HEAD, TYPES.start)
  at = writeField(bytes, at, note)
  writeField(bytes, at, list)
  return bytes
}

export function encodeNodes(nodes: ReadonlyArray<{ level: number; index: number; hash: Uint8Array }>): Buffer {
  const frame = FRAME_HEAD + 1 + U64 + HASH_BYTES
  const bytes = Buffer.allocUnsafe(nodes.length * frame)
  nodes.forEach(({ level, index, hash }, place) => {
    let at = writeHead(bytes, place * frame, frame - FIELD_HEAD, TYPES.node)
    at = bytes.writeUInt8(level, at)
    at = writeCount(bytes, at, index)
    bytes.set(hash, at)
  })
  return bytes
}

export function encodeEnd(size: number): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_HEAD + U64)
  writeCount(bytes, writeHead(bytes, 0, 1 + U64, TYPES.end), size)
  return bytes
}

interface Sizes {
  header: number
  payload: number
  frame: number
}

function sizesOf({ header, payload, kind, run, state, leaf }: StoredEntry): Sizes {
  const headerBytes = 1 + Buffer.byteLength(header)
  const payloadBytes = payload === null ? 0 : SALT_BYTES + Buffer.byteLength(payload)
  const derived = leaf.length + kind.length + (run?.length ?? 0) + (state ? state.state.length + U64 : 0)
  return {
    header: headerBytes,
    payload: payloadBytes,
    frame: 1 + U64 + ENTRY_FIELDS * FIELD_HEAD + headerBytes + payloadBytes + derived,
  }
}

function writeEntry(bytes: Buffer, start: number, entry: StoredEntry, sizes: Sizes): number {
  const { payload, salt, leaf, kind, run, state } = entry
  let at = writeHead(bytes, start, sizes.frame, TYPES.entry)
  at = writeCount(bytes, at, entry.index)
  at = bytes.writeUInt32BE(sizes.header, at)
  bytes[at] = 0
  at += 1
  at += bytes.write(entry.header, at)
  if (payload === null || salt === null) at = bytes.writeUInt32BE(ABSENT, at)
  else {
    at = bytes.writeUInt32BE(sizes.payload, at)
    bytes.set(salt, at)
    at += SALT_BYTES
    at += bytes.write(payload, at)
  }
  at = writeField(bytes, at, leaf)
  at = writeText(bytes, at, kind)
  at = writeText(bytes, at, run ?? undefined)
  at = writeText(bytes, at, state?.state)
  if (state === undefined) return bytes.writeUInt32BE(ABSENT, at)
  return writeCount(bytes, bytes.writeUInt32BE(U64, at), state.index)
}

const writeHead = (bytes: Buffer, at: number, length: number, type: number): number =>
  bytes.writeUInt8(type, bytes.writeUInt32BE(length, at))

function writeField(bytes: Buffer, at: number, field: Uint8Array): number {
  const next = bytes.writeUInt32BE(field.length, at)
  bytes.set(field, next)
  return next + field.length
}

/** Kinds, runs and states are ASCII. */
function writeText(bytes: Buffer, at: number, text: string | undefined): number {
  if (text === undefined) return bytes.writeUInt32BE(ABSENT, at)
  const next = bytes.writeUInt32BE(text.length, at)
  return next + bytes.write(text, next, 'latin1')
}

function writeCount(bytes: Buffer, at: number, count: number): number {
  const next = bytes.writeUInt32BE(Math.floor(count / 2 ** 32), at)
  return bytes.writeUInt32BE(count % 2 ** 32, next)
}
