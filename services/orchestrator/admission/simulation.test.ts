import { AdmissionLimits } from '@azora/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createAdmission } from './admission.ts'

const AGING_MS = 10_000
const PLACES = 4
const TENANTS = ['loud', 'quiet', 'rare'] as const
const limits = AdmissionLimits.parse({
  agingSeconds: AGING_MS / 1_000,
  tenants: { quiet: { weight: 2 }, rare: { concurrency: 2 } },
})

interface Arrival {
  run: string
  tenant: (typeof TENANTS)[number]
  priority: number
  atMs: number
  tookMs: number
  wakes: boolean
}

/** Everything that happens to some arrivals, with time as a number: when each run was admitted. */
function simulate(arrivals: readonly Arrival[]): Map<string, number> {
  const admission = createAdmission(() => limits)
  const byRun = new Map(arrivals.map((arrival) => [arrival.run, arrival]))
  const admitted = new Map<string, number>()
  const ends: Array<{ run: string; atMs: number }> = []
  const coming = [...arrivals]
  let free = PLACES
  for (let now = 0; coming.length > 0 || ends.length > 0; ) {
    ends.sort((a, b) => a.atMs - b.atMs)
    now = Math.max(
      now,
      Math.min(ends[0]?.atMs ?? Number.POSITIVE_INFINITY, coming[0]?.atMs ?? Number.POSITIVE_INFINITY),
    )
    for (let end = ends[0]; end && end.atMs <= now; end = ends[0]) {
      ends.shift()
      admission.leave(end.run)
      free += 1
      const one = byRun.get(end.run)
      if (one?.wakes) {
        one.wakes = false
        admission.goOn(end.run)
      }
    }
    for (let next = coming[0]; next && next.atMs <= now; next = coming[0]) {
      coming.shift()
      admission.put(next.run, { tenant: next.tenant, agent: 'worker', priority: next.priority }, next.atMs)
    }
    while (free > 0) {
      const next = admission.take()
      const arrival = next && byRun.get(next.run)
      if (!next || !arrival) break
      if (next.starts) admitted.set(next.run, now)
      else admission.enter(next.run, { tenant: arrival.tenant, agent: 'worker', priority: arrival.priority })
      ends.push({ run: next.run, atMs: now + arrival.tookMs })
      free -= 1
    }
  }
  return admitted
}

const arrivalsOf = fc
  .array(
    fc.record({
      tenant: fc.constantFrom(...TENANTS, 'loud' as const, 'loud' as const),
      priority: fc.integer({ min: 0, max: 9 }),
      gapMs: fc.nat(200),
      tookMs: fc.integer({ min: 1, max: 2_000 }),
      wakes: fc.boolean(),
    }),
    { minLength: 1, maxLength: 150 },
  )
  .map((list) => {
    let atMs = 0
    return list.map(({ gapMs, ...rest }, index): Arrival => {
      atMs += gapMs
      return { ...rest, atMs, run: `01920000-0000-7000-8000-${index.toString(16).padStart(12, '0')}` }
    })
  })

it('no run starves: each is admitted within the work that may go before it', () => {
  fc.assert(
    fc.property(arrivalsOf, (arrivals) => {
      const admitted = simulate(arrivals.map((arrival) => ({ ...arrival })))
      expect(admitted.size).toBe(arrivals.length)
      for (const mine of arrivals) {
        // Of its tenant, all that came up to 9 agings later may go before; of others, by their shares, as many as fit.
        const own = arrivals.filter(({ tenant, atMs }) => tenant === mine.tenant && atMs <= mine.atMs + 9 * AGING_MS)
        const share = own.length + 1
        const others = TENANTS.filter((tenant) => tenant !== mine.tenant).reduce((sum, tenant) => {
          const most = share * (limits.tenants[tenant]?.weight ?? 1) + 2
          return sum + Math.min(most, arrivals.filter((one) => one.tenant === tenant).length)
        }, 0)
        const longest = 2_000
        // Each may take its place twice, and of `rare` two at a time are carried forward.
        const boundMs = Math.ceil(((own.length + others) * 2) / 2 + PLACES) * longest
        expect((admitted.get(mine.run) ?? Number.POSITIVE_INFINITY) - mine.atMs).toBeLessThanOrEqual(boundMs)
      }
    }),
    { numRuns: 200 },
  )
})
