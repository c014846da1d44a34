import { AdmissionLimits } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { changed } from './limits.ts'

const NONE = AdmissionLimits.parse({})

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

  it.each([
    [{}],
    [{ tenant: 'a', agent: 'b', concurrency: '1' }],
    [{ agent: 'b', weight: '1' }],
    [{ tenant: 'a', aging: '1' }],
    [{ weight: '1' }],
    [{ tenant: 'A tenant', weight: '1' }],
    [{ tenant: 'a', weight: '0' }],
    [{ tenant: 'a', rate: 'often' }],
    [{ tenant: 'a', burst: '5' }],
    [{ tenant: 'a', rate: '1/25h' }],
  ])('%j is no change', (options) => {
    expect(() => changed(NONE, options)).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})
