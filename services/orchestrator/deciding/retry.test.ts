import { type EntryPayload, RetryPolicy, SkillManifest } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEntry, foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { entryOf, outcomeOf, RUN, scheduled, specOf, stepOf, verdictOf } from '../testing/entries.ts'
import { retryAfter } from './retry.ts'

const manifest = SkillManifest.parse({
  skillId: 'file.write',
  version: '1.0.0',
  title: 'Write',
  description: 'Writes.',
  effects: ['write'],
  idempotent: true,
  workspace: 'write',
  resources: {},
  limits: { wallMs: 1_000, outputBytes: 1_024, fileBytes: 1_024 },
  policies: [],
  inputSchema: {},
  outputSchema: {},
  entrypoint: 'skills/file.write.skill.ts',
  codeDigest: 'a'.repeat(64),
})
const registryOf = (change: Partial<SkillManifest>) => ({ skill: () => ({ ...manifest, ...change }) })

const failed = (code: string): EntryPayload<'action.finished'>['outcome'] => ({
  ...outcomeOf('a', 'failed').outcome,
  error: { code, message: code },
})

/** Lets attempts of the step fail until no other one follows; answers what was waited in between. */
function waitsUntilFinal(retry: RetryPolicy | undefined, change: Partial<SkillManifest> = {}, code = 'busy'): number[] {
  const plan = { steps: [stepOf('a', retry && { retry })] }
  const fold = foldRun([scheduled(specOf({ plan })), entryOf(1, 'action.verified', verdictOf('a', 'allow'))]) as RunFold
  const waits: number[] = []
  for (;;) {
    const next = retryAfter(registryOf(change), fold, fold.steps.get('a') as StepFold, failed(code))
    if (!next) return waits
    expect(next.attempt).toBe(waits.length + 2)
    waits.push(next.waitMs)
    const payload = { ...outcomeOf('a', 'failed'), outcome: failed(code), retry: next }
    applyEntry(fold, entryOf(fold.lastIndex + 1, 'action.finished', payload))
  }
}

const policies = fc
  .record({
    attempts: fc.integer({ min: 1, max: 30 }),
    firstMs: fc.integer({ min: 0, max: 86_400_000 }),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
    maxMs: fc.integer({ min: 0, max: 2_592_000_000 }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map((policy) => RetryPolicy.parse(policy))

describe('attempts after one that failed', () => {
  it('are as many as declared, after waits that grow up to the longest, less the part that chance takes', () =>
    fc.assert(
      fc.property(policies, (policy) => {
        const waits = waitsUntilFinal(policy)
        expect(waits).toHaveLength(policy.attempts - 1)
        for (const [at, waitMs] of waits.entries()) {
          const fullMs = Math.min(policy.maxMs, policy.firstMs * policy.factor ** at)
          expect(waitMs).toBeLessThanOrEqual(Math.ceil(fullMs))
          expect(waitMs).toBeGreaterThanOrEqual(Math.floor(fullMs * (1 - policy.jitter)))
        }
      }),
    ))

  it('come at the same times whenever they are computed, and at other times for another run', () => {
    const policy = RetryPolicy.parse({ attempts: 6, firstMs: 1_000_000 })
    expect(waitsUntilFinal(policy)).toEqual(waitsUntilFinal(policy))
    const other = foldRun([scheduled(specOf({ runId: RUN.replace(/1$/, '2'), plan: { steps: [stepOf('a')] } }))])
    const step = { ...(other as RunFold).steps.get('a'), action: verdictOf('a', 'allow').action } as StepFold
    const [first] = waitsUntilFinal(policy)
    expect(retryAfter(registryOf({ retry: policy }), other as RunFold, step, failed('busy'))?.waitMs).not.toBe(first)
  })

  it.each([
    ['the skill declares them', undefined, { retry: RetryPolicy.parse({ attempts: 2 }) }, 'busy', 1],
    ['the caller says more than the skill', { attempts: 4 }, { retry: RetryPolicy.parse({}) }, 'busy', 3],
    ['the skill calls the error terminal', {}, { retry: RetryPolicy.parse({ terminal: ['gone'] }) }, 'gone', 0],
    ['the caller names other errors', { retryable: ['late'] }, {}, 'busy', 0],
    ['the input does not fit', {}, {}, 'input_invalid', 0],
    ['the effect must not happen twice', {}, { idempotent: false }, 'busy', 0],
    [
      'its skill says that nothing happened',
      {},
      { idempotent: false, retry: RetryPolicy.parse({ retryable: ['busy'] }) },
      'busy',
      2,
    ],
    ['nothing is declared', undefined, {}, 'busy', 0],
    ['they may take so long together', { jitter: 0, factor: 1, attempts: 9, withinMs: 2_002 }, {}, 'busy', 2],
  ] as const)('where %s', (_, retry, change, code, count) => {
    const policy = retry && RetryPolicy.parse(retry)
    expect(waitsUntilFinal(policy, change as Partial<SkillManifest>, code)).toHaveLength(count)
  })
})
