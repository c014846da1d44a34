import type { Entry, EntryPayload, Money, Step } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { digestOfStep, entryOf, outcomeOf, scheduled, stepOf, verdictOf } from '../testing/entries.ts'
import { foldRun } from './fold.ts'
import { runFactsFor } from './run-facts.ts'
import type { RunFold } from './run-fold.ts'
import type { StepFold } from './step-fold.ts'
import { stateOf } from './step-state.ts'

const REVIEW = '018f0000-0000-7000-8000-000000000002'

function foldOf(
  steps: Step[],
  later: (index: number) => Entry[],
  result?: EntryPayload<'plan.proposed'>['result'],
): RunFold {
  const plan = entryOf(1, 'plan.proposed', { turn: 0, plan: { steps }, ...(result && { result }) })
  return foldRun([scheduled(), plan, ...later(2)]) as RunFold
}

const factsFor = (fold: RunFold, stepId: string) => runFactsFor(fold, fold.steps.get(stepId) as StepFold)

function paying(stepId: string, spend: Money[], verdict: 'allow' | 'deny' | 'review' = 'allow') {
  const payload = verdictOf(stepId, verdict)
  return { ...payload, action: { ...payload.action, resources: { ...payload.action.resources, spend } } }
}

describe('rows of denials and failures', () => {
  const denied = (index: number) => entryOf(index, 'action.verified', verdictOf('a', 'deny'))
  const failed = (index: number) => entryOf(index, 'action.finished', outcomeOf('a', 'failed'))

  it('grow', () => {
    const fold = foldOf([stepOf('a'), stepOf('b')], (at) => [denied(at), denied(at + 1), failed(at + 2)])
    expect(factsFor(fold, 'b')).toMatchObject({ deniedInARow: 2, failedInARow: 1, actions: 1 })
  })

  it('end with a success', () => {
    const success = entryOf(9, 'action.finished', outcomeOf('a', 'succeeded'))
    const fold = foldOf([stepOf('a'), stepOf('b')], (at) => [denied(at), failed(at + 1), success])
    expect(factsFor(fold, 'b')).toMatchObject({ deniedInARow: 0, failedInARow: 0 })
  })

  it.each([
    ['approve', 0],
    ['deny', 2],
  ] as const)('after people %s', (decision, expected) => {
    const about = { stepId: 'a', actionDigest: digestOfStep('a'), reviewId: REVIEW }
    const fold = foldOf([stepOf('a'), stepOf('b')], (at) => [
      denied(at),
      entryOf(at + 1, 'review.requested', { ...about, cause: 'verdict', reasons: [] }),
      entryOf(at + 2, 'review.decided', { ...about, decision }),
    ])
    expect(factsFor(fold, 'b').deniedInARow).toBe(expected)
  })
})

describe('taints', () => {
  it('are those of all that was read', () => {
    const read = (
      index: number,
      stepId: string,
      taints: NonNullable<EntryPayload<'action.finished'>['observed']>['taints'],
    ) => entryOf(index, 'action.finished', { ...outcomeOf(stepId, 'succeeded'), observed: { taints, reasons: [] } })
    const fold = foldOf([stepOf('a'), stepOf('b')], (at) => [
      read(at, 'a', ['untrusted_content']),
      read(at + 1, 'b', ['personal_data', 'untrusted_content']),
    ])
    expect(factsFor(fold, 'a').taints).toEqual(['personal_data', 'untrusted_content'])
  })
})

describe('money', () => {
  const EUR = (amount: number): Money => ({ currency: 'EUR', amount })

  it('is spent by what was allowed, also if it failed, and not by what was cancelled, denied or waits', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const fold = foldOf(
      ids.map((id) => stepOf(id)),
      (at) => [
        entryOf(at, 'action.verified', paying('a', [EUR(1)])),
        entryOf(at + 1, 'action.verified', paying('b', [EUR(10), { currency: 'USD', amount: 7 }])),
        entryOf(at + 2, 'action.finished', outcomeOf('b', 'failed')),
        entryOf(at + 3, 'action.verified', paying('c', [EUR(100)])),
        entryOf(at + 4, 'action.finished', outcomeOf('c', 'cancelled')),
        entryOf(at + 5, 'action.verified', paying('d', [EUR(1000)], 'deny')),
        entryOf(at + 6, 'action.verified', paying('e', [EUR(10_000)], 'review')),
      ],
    )
    expect(factsFor(fold, 'f').spent).toEqual([EUR(11), { currency: 'USD', amount: 7 }])
    expect(factsFor(fold, 'a').spent).toEqual([EUR(10), { currency: 'USD', amount: 7 }])
  })

  it('is spent by a verdict under way', () => {
    const fold = foldOf([stepOf('a'), stepOf('b')], () => [])
    const first = fold.steps.get('a')
    if (first) first.reserved = [EUR(5)]
    expect(factsFor(fold, 'b').spent).toEqual([EUR(5)])
  })
})

describe('the verdict on a plan', () => {
  const result = (verdict: 'deny' | 'review') => ({
    ...verdictOf('a', verdict).result,
    reasons: [{ article: '22', rule: 'plan_x', severity: 'HIGH' as const, message: 'It is too much.' }],
  })

  it('denies each of its steps', () => {
    const fold = foldOf([stepOf('a'), stepOf('b')], () => [], result('deny'))
    expect([...fold.steps.values()].map(stateOf)).toEqual(['denied', 'denied'])
  })

  it('is told to the gate when people should look', () => {
    const fold = foldOf([stepOf('a')], () => [], result('review'))
    expect(factsFor(fold, 'a').planFindings).toEqual(['plan_x'])
  })
})
