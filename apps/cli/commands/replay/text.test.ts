import type { Divergence, ReplayReport, ReplaysResult } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { createStyle } from '../../output/style.ts'
import { reportText, severalText } from './text.ts'

const plain = createStyle(false)
const RUN = '018f0000-0000-7000-8000-000000000001'
const AT = '2026-01-01T00:00:00.000Z'

const report = (change: Partial<ReplayReport> = {}): ReplayReport => ({
  runId: RUN,
  agentId: 'scribe',
  agentVersion: '1.0.0',
  state: 'success',
  against: 'record',
  outcome: 'same',
  entries: 12,
  replayed: { agent: 2, verdict: 3 },
  divergences: [],
  moreDivergences: 0,
  unreplayed: [],
  moreUnreplayed: 0,
  changes: [],
  moreChanges: 0,
  stopped: false,
  durationMs: 12,
  ...change,
})

const divergence: Divergence = {
  kind: 'agent',
  index: 29,
  entry: 'plan.proposed',
  at: AT,
  turn: 1,
  message: 'the agent answers something else',
  differences: [
    { pointer: '/plan/steps/0/input/text', recorded: `${'same '.repeat(40)}old`, now: `${'same '.repeat(40)}new` },
    { pointer: '/note', recorded: 'a\u001b[2Jb' },
  ],
  moreDifferences: 3,
}

describe('a replay for people', () => {
  it('says that everything is the same', () => {
    expect(reportText(plain, report(), 100)).toBe(`run       ${RUN}
agent     scribe 1.0.0
state     success
against   the record itself
entries   12
replayed  agent 2, verdict 3
took      12ms

✓ the same decisions, all of them`)
  })

  it('shows where it diverges, from the place at which texts part, and nothing that a terminal obeys', () => {
    const text = reportText(
      plain,
      report({ outcome: 'diverged', divergences: [divergence], moreDivergences: 2, stopped: true }),
      100,
    )
    expect(text).toContain('≠ agent: the agent answers something else — turn 2, entry 29 (plan.proposed)')
    expect(text).toMatch(/recorded {2}…".*same old"\n {6}now {7}…".*same new"/)
    expect(text).toContain('recorded  "a\\u001b[2Jb"\n      now       (nothing)')
    expect(text).toContain('… 3 more differences')
    expect(text).toContain('… 2 more divergences')
    expect(text).toContain('✗ it diverges; --all goes on after the first divergence')
    expect(text).not.toContain('\u001b')
  })

  it('counts what could not be replayed by its reason', () => {
    const lost = {
      kind: 'agent' as const,
      entry: 'plan.proposed' as const,
      at: AT,
      code: 'erased' as const,
      message: 'it was erased',
    }
    const text = reportText(
      plain,
      report({
        outcome: 'incomplete',
        unreplayed: [
          { ...lost, index: 3 },
          { ...lost, index: 8 },
        ],
        moreUnreplayed: 5,
      }),
      100,
    )
    expect(text).toContain('7 decisions could not be replayed\n  agent: it was erased — 2 times, first at entry 3')
    expect(text).toContain('the same decisions, as far as they can be replayed')
  })

  it('says from where on the changes of another constitution are hypothetical', () => {
    const change = {
      index: 7,
      at: AT,
      about: 'action' as const,
      step: 's',
      skill: 'a.b',
      from: 'allow' as const,
      to: 'deny' as const,
    }
    const after = [{ article: '99', rule: 'r', severity: 'HIGH' as const, message: 'No.' }]
    const changes = [
      { ...change, before: [], after, hypothetical: false },
      { ...change, index: 9, about: 'output' as const, before: [], after, hypothetical: true },
    ]
    const text = reportText(
      plain,
      report({ against: 'constitution', constitution: 'd', outcome: 'diverged', changes, moreChanges: 1 }),
      100,
    )
    expect(text).toContain('≠ a.b (step s) — entry 7\n    was allow\n    would be deny: Article 99: No.')
    expect(text).toContain('≠ the final output — entry 9, hypothetical')
    expect(text).toContain(
      '… 1 more change\nFrom entry 7 on the run might have gone another way: what follows it is hypothetical.',
    )
    expect(reportText(plain, report({ against: 'constitution', constitution: 'd' }), 100)).toContain(
      'No verdict changes.',
    )
  })

  it('of many runs is a table, and the first divergence of each', () => {
    const counts = { total: 3, same: 1, diverged: 1, incomplete: 1, failed: 0 }
    const result: ReplaysResult = {
      ...counts,
      byAgent: [{ agent: 'scribe@1.0.0', ...counts }],
      runs: [
        { runId: RUN, agent: 'scribe@1.0.0', state: 'success', outcome: 'diverged', divergence },
        { runId: RUN, agent: 'scribe@1.0.0', state: 'fail', outcome: 'incomplete', why: 'it was erased' },
      ],
      limited: true,
      durationMs: 1_500,
    }
    const text = severalText(plain, result, 100)
    expect(text).toContain(
      'agent         runs  same  diverged  incomplete  failed\nscribe@1.0.0  3     1     1         1           0',
    )
    expect(text).toContain(`${RUN}  scribe@1.0.0  success  diverged\n  ≠ agent`)
    expect(text).toContain('3 runs in 1.5s; there are more: raise --limit')
    expect(text).not.toContain('it was erased')
    expect(severalText(plain, { ...result, total: 0, byAgent: [], runs: [] }, 100)).toContain(
      'No run has ended that fits.',
    )
  })
})
