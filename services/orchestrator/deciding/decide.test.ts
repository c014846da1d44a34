import { type EntryPayload, isTerminal } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { hasEnded, stateOf } from '../fold/step-state.ts'
import { entryOf, outcomeOf, scheduled, specOf, stepOf, verdictOf } from '../testing/entries.ts'
import { historyFrom } from '../testing/history.ts'
import { type Circumstances, type Decision, decide } from './decide.ts'
import { dueMs } from './due.ts'

const NOW = Date.UTC(2026, 0, 2)
const BEFORE_EXPIRY = Date.UTC(2026, 0, 1) + 30_000
const idle = (change: Partial<Circumstances> = {}): Circumstances => ({
  nowMs: NOW,
  inFlight: new Set(),
  isRepeatable: () => false,
  ...change,
})

/** Any run at any moment: some of its unfinished steps are in flight, some of its skills are repeatable. */
const anyMoment = fc
  .record({
    choices: fc.array(fc.nat({ max: 10_000 }), { minLength: 5, maxLength: 60 }),
    overdue: fc.boolean(),
    nowMs: fc.constantFrom(NOW, BEFORE_EXPIRY),
    busy: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
    repeatable: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  })
  .map(({ choices, overdue, nowMs, busy, repeatable }) => {
    const fold = foldRun(historyFrom(choices, overdue ? '2026-01-01T12:00:00.000Z' : undefined)) as RunFold
    const steps = [...fold.steps]
    const inFlight = new Set(steps.flatMap(([id, step], at) => (busy[at % busy.length] && !hasEnded(step) ? id : [])))
    const isRepeatable = (id: string): boolean =>
      repeatable[steps.findIndex(([other]) => other === id) % repeatable.length] === true
    return { fold, now: { nowMs, inFlight, isRepeatable }, overdue }
  })

type Moment = typeof anyMoment extends fc.Arbitrary<infer T> ? T : never

const always = (law: (moment: Moment, decisions: Decision[]) => void): void =>
  fc.assert(
    fc.property(anyMoment, (moment) => law(moment, decide(moment.fold, moment.now))),
    { numRuns: 600 },
  )

const waits = ({ steps, outputReview }: RunFold): boolean =>
  (outputReview !== undefined && outputReview.decision === undefined) ||
  [...steps.values()].some((step) => stateOf(step) === 'awaiting_review')

const about = (decisions: Decision[]): string[] =>
  decisions.flatMap((decision) => ('stepId' in decision ? decision.stepId : []))

describe('whatever the log says', () => {
  it('a step that has ended, or is in flight, is left alone', () =>
    always(({ fold, now }, decisions) => {
      for (const stepId of about(decisions)) {
        const step = fold.steps.get(stepId)
        expect(step && !hasEnded(step)).toBe(true)
        expect(now.inFlight.has(stepId)).toBe(false)
      }
    }))

  it('nothing is done in a run that has ended', () =>
    always(({ fold }, decisions) => {
      if (isTerminal(fold.state)) expect(decisions).toEqual([])
    }))

  it('a run that is paused or waits for people is only ended', () =>
    always(({ fold }, decisions) => {
      if (fold.state !== 'paused' && !(fold.state === 'awaiting_review' && waits(fold))) return
      expect(
        decisions.filter(({ do: what }) => what !== 'cancel' && what !== 'fail' && !what.startsWith('expire')),
      ).toEqual([])
      if (fold.state === 'paused') expect(decisions).not.toContainEqual(expect.objectContaining({ do: 'expire' }))
    }))

  it('a review ends by itself only when it is overdue and nobody decided', () =>
    always(({ fold, now }, decisions) => {
      for (const decision of decisions) {
        if (decision.do !== 'expire' && decision.do !== 'expireOutput') continue
        const review = decision.do === 'expire' ? fold.steps.get(decision.stepId)?.review : fold.outputReview
        expect(review?.decision).toBeUndefined()
        expect(Date.parse(review?.expiresAt ?? '')).toBeLessThanOrEqual(now.nowMs)
      }
    }))

  it('a run that shall be cancelled starts nothing, and is cancelled once nothing is in flight', () =>
    always(({ fold, now }, decisions) => {
      if (!fold.cancel || isTerminal(fold.state) || fold.state === 'validated') return
      expect(decisions).toEqual(now.inFlight.size === 0 ? [{ do: 'cancel' }] : [])
    }))

  it('a run is cancelled only when it was asked for', () =>
    always(({ fold }, decisions) => {
      if (!fold.cancel) expect(decisions).not.toContainEqual({ do: 'cancel' })
    }))

  it('what was started and is not repeatable is done again only when people said so', () =>
    always(({ fold, now }, decisions) => {
      for (const [stepId, step] of fold.steps) {
        if (stateOf(step) !== 'started' || now.isRepeatable(stepId) || step.review?.decision === 'approve') continue
        const own = decisions.filter((decision) => 'stepId' in decision && decision.stepId === stepId)
        expect(own.filter(({ do: what }) => what !== 'park' && what !== 'expire')).toEqual([])
      }
    }))

  it('a step that waits for people is not attempted', () =>
    always(({ fold }, decisions) => {
      for (const decision of decisions)
        if (decision.do === 'attempt')
          expect(stateOf(fold.steps.get(decision.stepId) as never)).not.toBe('awaiting_review')
    }))

  it('a step waits for those before it and those that its input is bound to', () =>
    always(({ fold }, decisions) => {
      for (const stepId of about(decisions.filter(({ do: what }) => what !== 'expire')))
        for (const other of fold.steps.get(stepId)?.waitsFor ?? []) {
          const before = fold.steps.get(other)
          expect(before && hasEnded(before)).toBe(true)
        }
    }))

  it('the agent is asked only when all of its steps have ended', () =>
    always(({ fold, now }, decisions) => {
      if (!decisions.some(({ do: what }) => what === 'reason' || what === 'recognize')) return
      expect(now.inFlight.size).toBe(0)
      expect([...fold.steps.values()].every(hasEnded)).toBe(true)
    }))

  it('the run moves by one decision at a time', () =>
    always((_, decisions) => {
      if (decisions.some((decision) => !('stepId' in decision))) expect(decisions).toHaveLength(1)
    }))

  it('a run that does not wait for people never stands still', () =>
    always(({ fold, now }, decisions) => {
      if (isTerminal(fold.state) || fold.state === 'paused') return
      if (fold.state === 'awaiting_review' && waits(fold)) return
      if ([...fold.steps.values()].some((step) => ['retrying', 'waiting'].includes(stateOf(step)))) {
        expect(decisions.length > 0 || now.inFlight.size > 0 || Number.isFinite(dueMs(fold, now.nowMs))).toBe(true)
        return
      }
      expect(decisions.length + now.inFlight.size).toBeGreaterThan(0)
    }))

  it('a step that waits for its next attempt is left alone until then', () =>
    always(({ fold, now }, decisions) => {
      for (const stepId of about(decisions)) {
        const step = fold.steps.get(stepId)
        if (step?.retry && stateOf(step) === 'retrying') expect(now.nowMs).toBeGreaterThanOrEqual(step.retry.dueMs)
      }
    }))

  it('deciding changes nothing and is repeatable', () =>
    always(({ fold, now }, decisions) => {
      const before = structuredClone(fold)
      expect(decide(fold, now)).toEqual(decisions)
      expect(fold).toEqual(before)
    }))
})

describe('a run', () => {
  const plan = { steps: [stepOf('a'), stepOf('b', { after: ['a'] }), stepOf('c', { input: { x: { $step: 'a' } } })] }
  const start = entryOf(1, 'run.started', {}, { from: 'scheduled', to: 'running' })
  const recognized = entryOf(2, 'agent.recognized', { pattern: null })
  const planned = [scheduled(), start, recognized, entryOf(3, 'plan.proposed', { turn: 0, plan })]
  const decideAfter = (entries: Parameters<typeof foldRun>[0], now: Circumstances = idle()): Decision[] =>
    decide(foldRun(entries) as RunFold, now)

  it('begins: start, recognize, reason', () => {
    expect(decideAfter([scheduled()])).toEqual([{ do: 'start' }])
    expect(decideAfter([scheduled(), start])).toEqual([{ do: 'recognize' }])
    expect(decideAfter([scheduled(), start, recognized])).toEqual([{ do: 'reason', turn: 0 }])
  })

  it('attempts what waits for nothing, then all that waited for it', () => {
    expect(decideAfter(planned)).toEqual([{ do: 'attempt', stepId: 'a' }])
    const ended = [...planned, entryOf(4, 'action.finished', outcomeOf('a', 'failed'))]
    expect(decideAfter(ended)).toEqual([
      { do: 'attempt', stepId: 'b' },
      { do: 'attempt', stepId: 'c' },
    ])
  })

  it('asks people again when it went on beside an open review', () => {
    const review: EntryPayload<'review.requested'> = {
      reviewId: '018f0000-0000-7000-8000-0000000000aa',
      stepId: 'a',
      cause: 'verdict',
      actionDigest: 'a'.repeat(64),
      reasons: [],
    }
    const entries = [
      ...planned,
      entryOf(4, 'run.paused', {}, { from: 'running', to: 'paused' }),
      entryOf(5, 'action.verified', verdictOf('a', 'review')),
      entryOf(6, 'review.requested', review),
    ]
    expect(decideAfter(entries)).toEqual([])
    const resumed = entryOf(7, 'run.resumed', {}, { from: 'paused', to: 'running' })
    expect(decideAfter([...entries, resumed])).toEqual([{ do: 'ask', stepId: 'a' }])
  })

  it('gives a step up after three refusals', () => {
    const refuse = (index: number) =>
      entryOf(index, 'action.refused', {
        stepId: 'a',
        actionDigest: 'a'.repeat(64),
        node: 'local',
        error: { code: 'proof_expired', message: 'late' },
      })
    expect(decideAfter([...planned, refuse(4), refuse(5)])).toEqual([{ do: 'attempt', stepId: 'a' }])
    expect(decideAfter([...planned, refuse(4), refuse(5), refuse(6)])).toEqual([{ do: 'abandon', stepId: 'a' }])
  })

  it('fails when its turns are used up', () => {
    const spec = specOf({ budget: { actions: 20, turns: 1 } })
    const done = ['a', 'b', 'c'].map((id, at) => entryOf(4 + at, 'action.finished', outcomeOf(id, 'succeeded')))
    const decisions = decideAfter([scheduled(spec), ...planned.slice(1), ...done])
    expect(decisions).toMatchObject([{ do: 'fail', error: { code: 'turns_exceeded' } }])
  })

  it('fails after its deadline, wherever it is, once nothing is in flight', () => {
    const spec = specOf({ deadline: '2026-01-02T00:00:00.000Z' })
    const overdue = { do: 'fail', error: { code: 'deadline_exceeded' } }
    const paused = entryOf(1, 'run.paused', {}, { from: 'scheduled', to: 'paused' })
    expect(decideAfter([scheduled(spec)])).toMatchObject([overdue])
    expect(decideAfter([scheduled(spec), paused])).toMatchObject([overdue])
    expect(decideAfter([scheduled(spec)], idle({ nowMs: NOW - 1 }))).toEqual([{ do: 'start' }])
    expect(decideAfter([scheduled(spec)], idle({ inFlight: new Set(['a']) }))).toEqual([])
  })
})
