import { AdmissionLimits } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { changeOf, type SetOptions } from './terms.ts'

const NONE = AdmissionLimits.parse({})
const changed = (limits: AdmissionLimits, options: SetOptions): AdmissionLimits => changeOf(options)(limits)

describe('what is set', () => {
  it.each([
    [{ tenant: 'acme', weight: '3', concurrency: '20' }, { tenants: { acme: { weight: 3, concurrency: 20 } } }],
    [{ everyTenant: true, rate: '30/m' }, { everyTenant: { rate: { runs: 30, seconds: 60, burst: 30 } } }],
    [
      { tenant: 'acme', rate: '5/12h', burst: '9' },
      { tenants: { acme: { rate: { runs: 5, seconds: 43_200, burst: 9 } } } },
    ],
    [{ agent: 'repo-steward', concurrency: '4' }, { agents: { 'repo-steward': { concurrency: 4 } } }],
    [{ skill: 'git.clone', concurrency: '2' }, { skills: { 'git.clone': { concurrency: 2 } } }],
    [
      { queue: '10', aging: '5' },
      { queue: 10, agingSeconds: 5 },
    ],
  ])('%j', (options, expected) => {
    const limits = changed(NONE, options)
    expect(limits).toMatchObject(expected)
    expect(AdmissionLimits.parse(limits)).toEqual(limits)
  })

  it('none takes a limit away, and what is left without any is named no more', () => {
    const limits = AdmissionLimits.parse({ tenants: { a: { weight: 2, queue: 5 } }, agents: { x: { concurrency: 1 } } })
    expect(changed(limits, { tenant: 'a', queue: 'none' }).tenants).toEqual({ a: { weight: 2 } })
    expect(changed(limits, { agent: 'x', concurrency: 'none' }).agents).toEqual({})
    expect(changed(AdmissionLimits.parse({ queue: 5 }), { queue: 'none' }).queue).toBe(2_000_000)
  })

  it('a burst is one of a rate', () => {
    const limits = AdmissionLimits.parse({ tenants: { a: { rate: { runs: 5, seconds: 60, burst: 5 } } } })
    expect(changed(limits, { tenant: 'a', burst: '9' }).tenants.a?.rate).toEqual({ runs: 5, seconds: 60, burst: 9 })
    for (const [before, options] of [
      [NONE, { tenant: 'a', burst: '5' }],
      [limits, { tenant: 'a', rate: 'none', burst: '5' }],
    ] as const)
      expect(() => changed(before, options)).toThrow('--burst needs a --rate')
  })

  it.each([
    [{}],
    [{ tenant: 'a', agent: 'b', concurrency: '1' }],
    [{ agent: 'b', weight: '1' }],
    [{ tenant: 'a', aging: '1' }],
    [{ weight: '1' }],
    [{ tenant: 'A tenant', weight: '1' }],
    [{ tenant: 'a', weight: '0' }],
    [{ tenant: 'a', rate: 'often' }],
    [{ tenant: 'a', rate: '1/25h' }],
    [{ tenant: 'a', rate: 'often', burst: '5' }],
    [{ tenant: 'a', budget: 'week,time=20h' }],
    [{ skill: 'a', concurrency: '0' }],
    [{ queue: 'long' }],
  ])('%j is no change, whatever is in force', (options) => {
    expect(() => changeOf(options)).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})
