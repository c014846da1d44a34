const ID_BYTES = 16
const FIRST_CHUNK = 16
const LARGEST_CHUNK = 4_096

interface Chunk {
  ids: Buffer
  timesMs: Float64Array
  begin: number
  end: number
}

/** Runs in the order of their arrival, at 24 bytes each. */
export interface RunFifo {
  size(): number
  /** @param run a UUID in lower case */
  push(run: string, atMs: number): void
  /** When the first arrived; infinite when there is none. */
  headMs(): number
  shift(): string | undefined
}

export function createRunFifo(): RunFifo {
  const chunks: Chunk[] = []
  let size = 0

  function room(): Chunk {
    const last = chunks.at(-1)
    if (last && last.end < last.timesMs.length) return last
    const length = last ? Math.min(last.timesMs.length * 2, LARGEST_CHUNK) : FIRST_CHUNK
    const chunk = { ids: Buffer.alloc(length * ID_BYTES), timesMs: new Float64Array(length), begin: 0, end: 0 }
    chunks.push(chunk)
    return chunk
  }

  return {
    size: () => size,
    push(run, atMs) {
      const chunk = room()
      chunk.ids.write(run.replaceAll('-', ''), chunk.end * ID_BYTES, 'hex')
      chunk.timesMs[chunk.end] = atMs
      chunk.end += 1
      size += 1
    },
    headMs() {
      const chunk = chunks[0]
      return chunk && size > 0 ? (chunk.timesMs[chunk.begin] ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
    },
    shift() {
      const chunk = chunks[0]
      if (!chunk || size === 0) return undefined
      const run = uuidAt(chunk.ids, chunk.begin * ID_BYTES)
      chunk.begin += 1
      size -= 1
      if (chunk.begin === chunk.timesMs.length) chunks.shift()
      return run
    },
  }
}

/** The UUID whose 16 bytes lie at the offset, in its usual form. */
export function uuidAt(bytes: Buffer, offset: number): string {
  const hex = bytes.toString('hex', offset, offset + ID_BYTES)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
