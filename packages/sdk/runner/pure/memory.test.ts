import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { takeSnapshot } from './memory.ts'

const PAGE = 65_536

it('puts back what the memory was, wherever anything was written', () => {
  const place = fc.nat(4 * PAGE - 1)
  fc.assert(
    fc.property(fc.array(place, { maxLength: 20 }), fc.array(place, { maxLength: 20 }), (before, after) => {
      const memory = new WebAssembly.Memory({ initial: 4 })
      const bytes = new Uint8Array(memory.buffer)
      for (const at of before) bytes[at] = randomInt(1, 256)
      const wanted = bytes.slice()
      const snapshot = takeSnapshot(memory)
      for (let times = 0; times < 2; times += 1) {
        for (const at of after) bytes[at] = randomInt(256)
        expect(snapshot.putBack()).toBe(true)
        expect(Buffer.compare(bytes, wanted)).toBe(0)
      }
    }),
    { numRuns: 200 },
  )
})

it('says so when the memory has grown', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 })
  const snapshot = takeSnapshot(memory)
  memory.grow(1)
  expect(snapshot.putBack()).toBe(false)
})
