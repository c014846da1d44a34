import { randomBytes, randomInt } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Layout } from './layout.ts'
import { takeSnapshot } from './memory.ts'

const PAGES = 32
const BYTES = PAGES * 65_536
/** Variables, then the stack, then the heap, which ends where nothing was written behind. */
const STACK = { from: 65_536, to: 20 * 65_536 }

function openMemory() {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES + 1 })
  const bytes = new Uint8Array(memory.buffer)
  const state = { heapEnd: STACK.to }
  const layout: Layout = { stack: STACK, heapEnd: () => state.heapEnd }
  const write = (at: number): void => {
    bytes[at] = randomInt(1, 256)
    state.heapEnd = Math.max(state.heapEnd, at + 1)
  }
  /** A stack is used without gaps, from its upper end. */
  const use = (depth: number): void => bytes.set(randomBytes(depth), STACK.to - depth)
  return { memory, bytes, layout, write, use }
}

const place = fc.oneof(fc.nat(STACK.from - 1), fc.integer({ min: STACK.to, max: BYTES - 1 }))
const places = fc.array(place, { maxLength: 20 })

it('puts back what the memory was, wherever anything was written', () => {
  const depth = fc.nat(STACK.to - STACK.from)
  fc.assert(
    fc.property(places, depth, places, depth, (before, depthBefore, after, depthAfter) => {
      const { memory, bytes, layout, write, use } = openMemory()
      write(0)
      write(STACK.from - 1)
      for (const at of before) write(at)
      use(depthBefore)
      const snapshot = takeSnapshot(memory, layout)
      const wanted = bytes.slice()
      for (let times = 0; times < 2; times += 1) {
        for (const at of after) write(at)
        use(depthAfter)
        expect(snapshot.putBack()).toBe(true)
        expect(Buffer.compare(bytes, wanted)).toBe(0)
      }
    }),
    { numRuns: 200 },
  )
})

it('says so when the memory has grown', () => {
  const { memory, layout } = openMemory()
  const snapshot = takeSnapshot(memory, layout)
  memory.grow(1)
  expect(snapshot.putBack()).toBe(false)
})
