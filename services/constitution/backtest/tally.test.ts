import type { Reason, Verdict } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { createTally, type Rejudged } from './tally.ts'

const reason = (rule: string, article: string, severity: Reason['severity'] = 'HIGH'): Reason => ({
  article,
  rule,
  severity,
  message: rule,
})
const rejudged = (
  from: Verdict,
  to: Verdict,
  before: Reason[],
  after: Reason[],
  agent = 'agent:a@1.0.0',
): Rejudged => ({
  entry: { index: 7, kind: 'action.verified', run: null, header: '{"at":"2026-01-01T00:00:00.000Z"}', payload: '{}' },
  about: { agent },
  before: { verdict: from, reasons: before },
  after: { verdict: to, reasons: after },
})

describe('the tally of a backtest', () => {
  it('counts a change for the articles of the reasons that only one side gives', () => {
    const tally = createTally(0)
    tally.count(rejudged('allow', 'deny', [reason('a', '1')], [reason('a', '1'), reason('b', '2'), reason('c', '3')]))
    tally.count(rejudged('review', 'deny', [reason('d', '4')], [reason('d', '4', 'CRITICAL')]))
    const { byArticle, unchanged } = tally.result()
    expect(byArticle.map(({ article }) => article)).toEqual(['2', '3', '4'])
    expect(unchanged).toBe(0)
  })

  it('counts it for all articles when only the thresholds differ, and not at all when the verdict stays', () => {
    const tally = createTally(5)
    tally.count(rejudged('review', 'deny', [reason('a', '1')], [reason('a', '1')]))
    tally.count(rejudged('review', 'review', [reason('a', '1')], [reason('b', '2')]))
    const result = tally.result()
    expect(result.byArticle).toEqual([{ article: '1', from: 'review', to: 'deny', count: 1 }])
    expect(result).toMatchObject({ judged: 2, unchanged: 1, bySkill: [{ skill: '(output)' }] })
    expect(result.examples).toHaveLength(1)
  })

  it('stays small, however many names there are', () => {
    const tally = createTally(3)
    for (let at = 0; at < 2_000; at += 1) tally.count(rejudged('allow', 'deny', [], [], `agent:a${at}@1.0.0`))
    const { byAgent, examples, changes } = tally.result()
    expect(byAgent).toHaveLength(501)
    expect(byAgent[0]).toEqual({ agent: '(others)', from: 'allow', to: 'deny', count: 1_500 })
    expect(examples).toHaveLength(3)
    expect(changes).toEqual([{ from: 'allow', to: 'deny', count: 2_000 }])
  })
})
