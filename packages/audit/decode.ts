import { ABSENT, FRAME_BYTES_MAX, type Frame, HASH_BYTES, type LoggedEntry, TYPES } from './frames.ts'

/** The stream is no export of a log, or ends in the middle of one. */
export class ExportError extends Error {
  override readonly name = 'ExportError'
}

/**
 * Reads the frames of an export as its bytes come, page by page: what one chunk completes comes together.
 * Throws an {@link ExportError} for what is no frame.
 */
export async function* readFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame[], void, undefined> {
  let parts: Buffer[] = []
  let length = 0
  let needed = 4
  for await (const chunk of chunks) {
    parts.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    length += chunk.byteLength
    // A large frame is put together once, when all of it is there.
    if (length < needed) continue
    const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, length)
    const frames: Frame[] = []
    let at = 0
    while (bytes.length - at >= 4) {
      const size = bytes.readUInt32BE(at)
      if (size === 0 || size > FRAME_BYTES_MAX) throw new ExportError(`a frame of ${size} bytes`)
      needed = 4 + size
      if (bytes.length - at < needed) break
      frames.push(decode(bytes, at + 4, at + needed))
      at += needed
      needed = 4
    }
    const rest = bytes.subarray(at)
    parts = rest.length > 0 ? [rest] : []
    length = rest.length
    if (frames.length > 0) yield frames
  }
  if (length > 0) throw new ExportError('the stream ends within a frame')
}

function decode(bytes: Buffer, start: number, end: number): Frame {
  const reader = { bytes, at: start + 1, end }
  const frame = decodeBody(bytes[start] as number, reader)
  if (reader.at !== end) throw new ExportError('a frame is longer than what it holds')
  return frame
}

interface Reader {
  bytes: Buffer
  at: number
  end: number
}

function decodeBody(type: number, reader: Reader): Frame {
  if (type === TYPES.entry) return entryIn(reader)
  if (type === TYPES.node) {
    const level = take(reader, 1)[0] as number
    return { type: 'node', level, index: count(reader), hash: take(reader, HASH_BYTES) }
  }
  if (type === TYPES.end) return { type: 'end', size: count(reader) }
  if (type !== TYPES.start) throw new ExportError(`a frame of the unknown type ${type}`)
  const checkpoint = required(reader).toString('utf8')
  return { type: 'start', checkpoint, keys: required(reader).toString('utf8').split('\n') }
}

function entryIn(reader: Reader): Frame {
  const index = count(reader)
  const leafInput = required(reader)
  if (leafInput[0] !== 0) throw new ExportError(`entry ${index} is no leaf`)
  const payloadInput = field(reader)
  const leaf = required(reader)
  const kind = required(reader).toString('latin1')
  const run = field(reader)?.toString('latin1')
  const state = field(reader)?.toString('latin1')
  const at = field(reader)
  if ((state === undefined) !== (at === undefined) || (at && at.length !== 8))
    throw new ExportError(`entry ${index} has half a state`)
  const kept: LoggedEntry['kept'] = {
    leaf,
    kind,
    run,
    state: state === undefined || at === undefined ? undefined : { state, index: countIn(at, 0) },
  }
  return { type: 'entry', index, leafInput, payloadInput, kept }
}

function take(reader: Reader, length: number): Buffer {
  const next = reader.at + length
  if (next > reader.end) throw new ExportError('a frame is shorter than what it should hold')
  const bytes = reader.bytes.subarray(reader.at, next)
  reader.at = next
  return bytes
}

function field(reader: Reader): Buffer | undefined {
  if (reader.at + 4 > reader.end) throw new ExportError('a frame is shorter than what it should hold')
  const length = reader.bytes.readUInt32BE(reader.at)
  reader.at += 4
  return length === ABSENT ? undefined : take(reader, length)
}

function required(reader: Reader): Buffer {
  const bytes = field(reader)
  if (!bytes) throw new ExportError('a frame lacks a field')
  return bytes
}

const count = (reader: Reader): number => countIn(take(reader, 8), 0)

function countIn(bytes: Buffer, at: number): number {
  const value = bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)
  if (!Number.isSafeInteger(value)) throw new ExportError('a count beyond 2^53')
  return value
}
