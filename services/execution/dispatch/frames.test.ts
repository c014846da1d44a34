import { randomUUID } from 'node:crypto'
import { type PerformMessage, type PerformRequest, ToNode } from '@azora/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { requestsIn } from '../node/perform-message.ts'
import { createTestLog } from '../testing/log.ts'
import { anAction, permitted } from '../testing/requests.ts'
import { createFrames } from './frames.ts'

const log = createTestLog()
const BYTES = 50_000

const request = (text = 'hello', proved = true): PerformRequest => {
  const { receipt, ...rest } = permitted(log, anAction({ input: { text } }))
  return { type: 'perform', id: randomUUID(), ...rest, ...(proved && receipt && { receipt }) }
}

function gather(bytesMax = BYTES) {
  const sent: string[] = []
  const frames = createFrames((text) => sent.push(text), bytesMax)
  const messages = () => sent.map((text) => ToNode.parse(JSON.parse(text)) as PerformMessage)
  return { sent, frames, messages, heard: () => messages().flatMap(requestsIn) }
}

it('sends what a turn asks at its end, in one message where one checkpoint proves it', async () => {
  const [one] = [request()]
  const other = { ...request(), receipt: one.receipt }
  const { frames, sent, heard } = gather()
  for (const asked of [one, other]) expect(frames.add(asked as PerformRequest)).toBe(true)
  expect(sent).toEqual([])
  await new Promise((resolve) => setImmediate(resolve))
  expect(sent).toHaveLength(1)
  expect(heard()).toEqual([one, other])
})

it('says a node of the tree once, and nothing beyond ASCII of its own', () => {
  for (let times = 0; times < 20; times += 1) request()
  const one = request()
  const { frames, sent, messages } = gather()
  for (let times = 0; times < 3; times += 1) frames.add({ ...one, id: randomUUID() })
  frames.flush()
  expect(messages()[0]?.nodes).toEqual(one.receipt?.inclusion.path)
  expect(sent.join()).toMatch(/^[\0-\x7f]+$/)
})

it('is heard as it was said, in order, whatever is asked, in messages that may be so large', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.nat(20_000).map((length) => '—'.repeat(length)),
  )
  const asked = fc.array(fc.tuple(text, fc.boolean()), { maxLength: 12 })
  fc.assert(
    fc.property(asked, (texts) => {
      const { frames, sent, heard } = gather()
      const requests = texts.map(([one, proved]) => request(one, proved))
      const taken = requests.filter(frames.add)
      frames.flush()
      expect(heard()).toEqual(taken)
      for (const message of sent) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(BYTES)
      for (const refused of requests.filter((one) => !taken.includes(one)))
        expect(Buffer.byteLength(JSON.stringify(refused))).toBeGreaterThan(BYTES / 8)
    }),
  )
})
