import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { inTime } from './in-time.ts'

const KIB = 1024
const PACE = { bytesMin: 4 * KIB, withinMs: 200 }

/** A sender of so many bytes every so often. */
const sender = (bytes: number, everyMs: number, times: number): Readable =>
  Readable.from(
    (async function* () {
      for (let time = 0; time < times; time += 1) {
        await wait(everyMs)
        yield Buffer.alloc(bytes, time)
      }
    })(),
  )

it('what keeps the pace arrives whole, though it takes several times as long', async () => {
  expect((await buffer(inTime(sender(KIB, 25, 40), PACE))).length).toBe(40 * KIB)
})

it.each([
  ['nothing', () => new PassThrough()],
  ['a byte now and then', () => sender(1, 20, 1_000)],
  // Each alone would be enough for whoever looks at the time since the last one.
  ['large pieces too rarely', () => sender(3 * KIB, 150, 1_000)],
])('a sender of %s is told that it is too slow', async (_what, source) => {
  const beganMs = performance.now()
  await expect(buffer(inTime(source(), PACE))).rejects.toMatchObject({ code: 'transfer_too_slow' })
  expect(performance.now() - beganMs).toBeLessThan(2_000)
})

it('time in which nobody takes anything is not the sender’s', async () => {
  const content = inTime(Readable.from([Buffer.alloc(200 * KIB), Buffer.alloc(200 * KIB)]), PACE)
  let seen = 0
  for await (const chunk of content) {
    seen += chunk.length
    await wait(3 * PACE.withinMs)
  }
  expect(seen).toBe(400 * KIB)
})

it('a sender that goes away is a broken transfer; one that is given up stays and is read to its end', async () => {
  const gone = new PassThrough()
  const content = inTime(gone, PACE)
  gone.write('half')
  setTimeout(() => gone.destroy(), 20)
  await expect(buffer(content)).rejects.toMatchObject({ code: 'transfer_broken' })

  const going = sender(KIB, 5, 20)
  inTime(going, PACE).destroy()
  await new Promise((resolve) => going.once('end', resolve))
})
