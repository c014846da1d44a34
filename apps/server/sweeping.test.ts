import { silentLog } from '@azora/base'
import { expect, it } from 'vitest'
import { sweepUploads } from './sweeping.ts'

it('sweeps at once, soon again while there is more, and every hour, also after a failure', async () => {
  const waits: number[] = []
  let next = (): void => {}
  const clock = {
    after(ms: number, onTime: () => void) {
      waits.push(ms)
      next = onTime
      return { cancel: () => waits.push(-1) }
    },
  }
  const sweeps = [{ removed: 2, more: true }, new Error('the store is away'), { removed: 0, more: false }]
  const uploads = {
    async sweep() {
      const made = sweeps.shift()
      if (!made || made instanceof Error) throw made
      return made
    },
  }
  const stop = sweepUploads({ uploads, clock, log: silentLog })
  for (let turn = 0; turn < 3; turn += 1) {
    next()
    await new Promise(setImmediate)
  }
  await stop()
  expect(waits).toEqual([0, 1_000, 3_600_000, 3_600_000, -1])
})
