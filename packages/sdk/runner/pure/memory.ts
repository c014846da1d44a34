import type { Layout } from './layout.ts'
import { heldIn, isEmpty } from './pages.ts'

/** What a memory held at one moment. */
export interface Snapshot {
  /** Makes the memory what it was; false when it has grown, and can't be. */
  putBack(): boolean
}

const CHUNK_BYTES = 65_536
/** As much as the engine lets a skill use of its stack: nothing deeper was written behind so much that is untouched. */
const UNTOUCHED_CHUNKS = 4

/**
 * Keeps the pages that hold anything, and writes as little as it can: the caches of the machine are small against a memory,
 * and others use them too.
 *
 * @param layout of the memory, in which no call is under way
 */
export function takeSnapshot(memory: WebAssembly.Memory, { stack, heapEnd }: Layout): Snapshot {
  const { byteLength } = memory.buffer
  // What calls left on the stack is nothing to keep.
  new Uint8Array(memory.buffer).fill(0, stack.from, stack.to)
  const held = heldIn(new Uint8Array(memory.buffer))

  return {
    putBack() {
      if (memory.buffer.byteLength !== byteLength) return false
      const now = new Uint8Array(memory.buffer)
      // Asked before the variables are what they were.
      const usedEnd = heapEnd()
      let end = 0
      for (const { at, bytes } of held) {
        if (end === stack.from) {
          clearStack(now, stack)
          now.fill(0, stack.to, at)
        } else now.fill(0, end, at)
        now.set(bytes, at)
        end = at + bytes.length
      }
      now.fill(0, end, Math.max(end, usedEnd))
      return true
    },
  }
}

/** From its beginning, which is its upper end, to where it was not used. */
function clearStack(memory: Uint8Array, { from, to }: Layout['stack']): void {
  let untouched = 0
  for (let end = to; end > from && untouched < UNTOUCHED_CHUNKS; end -= CHUNK_BYTES) {
    const chunk = memory.subarray(Math.max(from, end - CHUNK_BYTES), end)
    if (isEmpty(chunk)) untouched += 1
    else {
      chunk.fill(0)
      untouched = 0
    }
  }
}
