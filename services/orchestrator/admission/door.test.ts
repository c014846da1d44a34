import { AdmissionLimits, type Entry, type RunState } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDoor } from './door.ts'
import { createRunFifo } from './run-fifo.ts'

const moved = (tenant: string, to: RunState, from?: RunState): Entry =>
  ({ header: { tenant, transition: { to, ...(from && { from }) } } }) as Entry

function open(limits: object, waiting: Record<string, number> = {}) {
  let tell: (entries: Entry[]) => void = () => {}
  const time = { nowMs: 0 }
  const door = createDoor({
    journal: {
      subscribe: (listener) => {
        tell = listener
        return () => {}
      },
    },
    limits: () => AdmissionLimits.parse(limits),
    clock: { now: () => time.nowMs },
    waiting: new Map(Object.entries(waiting)),
  })
  const accept = (tenant: string, isChild?: boolean) =>
    door.admit(tenant, async () => tell([moved(tenant, 'scheduled')]), isChild)
  return { accept, time, tell: (...entries: Entry[]) => tell(entries), door }
}

describe('the door', () => {
  it('turns a tenant away that has as many waiting as it may, and no other', async () => {
    const { accept, tell } = open({ tenants: { a: { queue: 2 } } }, { a: 1 })
    await accept('a')
    await expect(accept('a')).rejects.toMatchObject({ code: 'queue_full', advice: 'retry', retryAfterMs: 1_000 })
    await accept('b')
    tell(moved('a', 'running', 'scheduled'))
    await accept('a')
    await expect(accept('a')).rejects.toMatchObject({ code: 'queue_full' })
    tell(moved('a', 'paused', 'scheduled'), moved('a', 'scheduled', 'paused'))
    await expect(accept('a')).rejects.toMatchObject({ code: 'queue_full' })
    tell(moved('a', 'cancelled', 'scheduled'))
    await accept('a')
  })

  it('turns everybody away when as many wait as may in all', async () => {
    const { accept, tell } = open({ queue: 3 }, { a: 1, b: 1 })
    await accept('c')
    await expect(accept('d')).rejects.toMatchObject({ code: 'overloaded', advice: 'retry' })
    tell(moved('a', 'fail', 'scheduled'))
    await accept('d')
  })

  it('counts those that are being accepted, and not those whose acceptance fails', async () => {
    const { door } = open({ queue: 1 })
    const { promise, reject } = Promise.withResolvers<void>()
    const first = door.admit('a', () => promise)
    await expect(door.admit('a', async () => {})).rejects.toMatchObject({ code: 'overloaded' })
    reject(new TypeError('no'))
    await expect(first).rejects.toThrow('no')
    await door.admit('a', async () => {})
  })

  it('lets a child in where the queue is full, counts it, and holds it to the rate', async () => {
    const { accept, tell } = open({ queue: 2, everyTenant: { rate: { runs: 1, seconds: 1, burst: 3 } } }, { a: 2 })
    await expect(accept('a')).rejects.toMatchObject({ code: 'overloaded' })
    await accept('a', true)
    tell(moved('a', 'running', 'scheduled'))
    await expect(accept('a')).rejects.toMatchObject({ code: 'overloaded' })
    await accept('a', true)
    await accept('a', true)
    await expect(accept('a', true)).rejects.toMatchObject({ code: 'rate_limited' })
  })

  it('says when the next run of a tenant fits its rate', async () => {
    const { accept, time } = open({ everyTenant: { rate: { runs: 2, seconds: 1, burst: 3 } } })
    for (let count = 0; count < 3; count += 1) await accept('a')
    await expect(accept('a')).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 500 })
    await accept('b')
    time.nowMs = 500
    await accept('a')
    await expect(accept('a')).rejects.toMatchObject({ code: 'rate_limited' })
  })
})

it('runs come out as they went in', () => {
  const changes = fc.array(fc.oneof(fc.uuid(), fc.constant(undefined)), { maxLength: 300 })
  fc.assert(
    fc.property(changes, (list) => {
      const fifo = createRunFifo()
      const model: string[] = []
      list.forEach((run, index) => {
        if (run === undefined) expect(fifo.shift()).toBe(model.shift())
        else {
          fifo.push(run, index)
          model.push(run)
        }
        expect(fifo.size()).toBe(model.length)
      })
      expect(model.map(() => fifo.shift())).toEqual(model)
    }),
  )
})
