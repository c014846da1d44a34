import { AdmissionLimits } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAdmission } from './admission.ts'
import { createFairQueue } from './fair-queue.ts'
import type { RunTraits } from './traits.ts'

const limitsOf = (limits: object) => AdmissionLimits.parse(limits)
const idOf = (n: number): string => `01920000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const traits = (tenant: string, change: Partial<RunTraits> = {}): RunTraits => ({
  tenant,
  agent: 'worker',
  priority: 5,
  ...change,
})
const free = { admits: () => true }

describe('between tenants', () => {
  const weights = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 9 }), { minKeys: 2 })

  it('what two get while both wait differs, by their weights, by 1/w1 + 1/w2 at most, over any time', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 20, max: 200 }), (shares, rounds) => {
        const tenants = Object.fromEntries(Object.entries(shares).map(([name, weight]) => [name, { weight }]))
        const queue = createFairQueue(() => limitsOf({ tenants }), free)
        const names = Object.keys(shares)
        let id = 0
        for (const name of names) for (let each = 0; each < rounds; each += 1) queue.put(idOf(++id), traits(name), each)
        const served = Array.from({ length: rounds }, () => queue.take()?.traits.tenant)
        for (const one of names) {
          for (const other of names.filter((name) => name > one)) {
            const [w1, w2] = [shares[one] ?? 1, shares[other] ?? 1]
            // The lead of one over the other; over any time it changes by its range at most.
            let [lead, most, least] = [0, 0, 0]
            for (const name of served) {
              lead += name === one ? 1 / w1 : name === other ? -1 / w2 : 0
              most = Math.max(most, lead)
              least = Math.min(least, lead)
            }
            expect(most - least).toBeLessThanOrEqual(1 / w1 + 1 / w2 + 1e-9)
          }
        }
      }),
    )
  })

  it('one that comes late, or was held up by its limits, has nothing to catch up on', () => {
    const open = new Set(['a'])
    const queue = createFairQueue(() => limitsOf({}), { admits: ({ tenant }) => open.has(tenant) })
    for (let id = 0; id < 100; id += 1) queue.put(idOf(id), traits(id < 60 ? 'a' : 'b'), id)
    const take = (count: number) => Array.from({ length: count }, () => queue.take()?.traits.tenant)
    expect(new Set(take(30))).toEqual(new Set(['a']))
    open.add('b')
    expect(take(20).filter((tenant) => tenant === 'a')).toHaveLength(10)
  })
})

describe('within a tenant', () => {
  const AGING_MS = 60_000
  const arrivals = fc.array(
    fc.record({ gapMs: fc.nat(100_000), priority: fc.integer({ min: 0, max: 9 }), agent: fc.constantFrom('x', 'y') }),
    { minLength: 1, maxLength: 60 },
  )

  it('a run is overtaken only by those that come up to 9 agings later, and each run goes once', () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const queue = createFairQueue(() => limitsOf({ agingSeconds: AGING_MS / 1_000 }), free)
        let atMs = 0
        const at = new Map<string, { atMs: number; priority: number }>()
        list.forEach(({ gapMs, priority, agent }, index) => {
          atMs += gapMs
          at.set(idOf(index), { atMs, priority })
          queue.put(idOf(index), traits('a', { priority, agent }), atMs)
        })
        const order = list.map(() => queue.take()?.run ?? '')
        expect(queue.take()).toBeUndefined()
        expect(new Set(order)).toEqual(new Set(at.keys()))
        order.forEach((run, index) => {
          for (const earlier of order.slice(0, index)) {
            const [mine, other] = [at.get(run), at.get(earlier)]
            if (!mine || !other) continue
            expect(other.atMs - mine.atMs).toBeLessThanOrEqual(9 * AGING_MS)
            if (other.atMs > mine.atMs) expect(other.priority).toBeGreaterThan(mine.priority)
          }
        })
      }),
    )
  })
})

describe('limits on what is carried forward', () => {
  it('hold for tenant, agent and skill, and none of them holds up others', () => {
    const limits = limitsOf({
      everyTenant: { concurrency: 4 },
      tenants: { b: { concurrency: 2 } },
      agents: { slow: { concurrency: 1 } },
      skills: { 'git.clone': { concurrency: 1 } },
    })
    const kind = fc.record({
      tenant: fc.constantFrom('a', 'b', 'c'),
      agent: fc.constantFrom('slow', 'quick'),
      skill: fc.constantFrom('git.clone', undefined),
      ends: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(kind, { maxLength: 80 }), (steps) => {
        const admission = createAdmission(() => limits)
        const carried: Array<{ run: string; traits: RunTraits }> = []
        const known = new Map<string, RunTraits>()
        let admitted = 0
        const count = (test: (one: RunTraits) => boolean) => carried.filter((one) => test(one.traits)).length
        const drain = (): void => {
          for (let next = admission.take(); next; next = admission.take()) {
            admitted += 1
            carried.push({ run: next.run, traits: known.get(next.run) as RunTraits })
          }
          expect(count(({ tenant }) => tenant === 'a')).toBeLessThanOrEqual(4)
          expect(count(({ tenant }) => tenant === 'b')).toBeLessThanOrEqual(2)
          expect(count(({ agent }) => agent === 'slow')).toBeLessThanOrEqual(1)
          expect(count(({ skill }) => skill === 'git.clone')).toBeLessThanOrEqual(1)
        }
        steps.forEach(({ tenant, agent, skill, ends }, index) => {
          const run = idOf(index)
          known.set(run, traits(tenant, { agent, ...(skill && { skill }) }))
          admission.put(run, known.get(run) as RunTraits, index)
          drain()
          const done = ends ? carried.shift() : undefined
          if (done) admission.leave(done.run)
          drain()
        })
        for (let done = carried.shift(); done; done = carried.shift()) {
          admission.leave(done.run)
          drain()
        }
        expect(admitted).toBe(steps.length)
      }),
    )
  })
})
