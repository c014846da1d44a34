import { fileURLToPath } from 'node:url'
import type { Severity } from '@azora/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DETECTORS } from '../detectors/list.ts'
import { createJudge } from '../gate/judge.ts'
import type { Question } from '../gate/question.ts'
import { reasonsFrom } from '../gate/reasons.ts'
import { ruling } from '../gate/score.ts'
import type { LawFile } from '../law/files.ts'
import { readConstitution } from '../law/folder.ts'
import type { Law } from '../law/law.ts'
import { anyCondition, anyPolicy, anyQuestion } from '../testing/arbitrary-policies.ts'
import { articleFiles, type MadeUp } from '../testing/laws.ts'
import { CONSTITUTION } from '../testing/requests.ts'
import { type LawTexts, readTexts } from './version.ts'
import { OPENNESS, weakenedTexts } from './weakening.ts'

const FIXED = (await readConstitution(fileURLToPath(CONSTITUTION))).filter(({ name }) =>
  /^(schema|thresholds)\./.test(name),
)

/** The same policy, or one that was changed a little; undefined when it goes. */
const anyChange = fc
  .record({
    kind: fc.constantFrom('keep', 'keep', 'drop', 'rename', 'narrow', 'widen', 'severity'),
    condition: anyCondition,
    severity: fc.constantFrom<Severity>('CRITICAL', 'HIGH', 'MEDIUM'),
  })
  .map(({ kind, condition, severity }) => (policy: MadeUp): MadeUp | undefined => {
    if (kind === 'drop') return undefined
    if (kind === 'rename') return { ...policy, rule: `${policy.rule}_renamed` }
    if (kind === 'narrow') return { ...policy, when: `(${policy.when}) && ${condition}` }
    if (kind === 'widen') return { ...policy, when: `(${policy.when}) || ${condition}` }
    return kind === 'severity' && policy.effect === 'forbid' ? { ...policy, severity } : policy
  })

const anyPair = fc.array(fc.tuple(anyPolicy, anyChange), { minLength: 1, maxLength: 4 }).map((made) => {
  const before = made.map(([policy], at): MadeUp => ({ ...policy, rule: `p${at}` }))
  const after = made.flatMap(([, change], at) => change(before[at] ?? { rule: 'none' }) ?? [])
  return { before, after }
})

const ALWAYS: MadeUp = { rule: 'all', effect: 'permit', scope: 'principal is Agent, action, resource' }

function textsOf(policies: readonly MadeUp[]): LawTexts | undefined {
  const files: LawFile[] = [...articleFiles([ALWAYS, ...policies]), ...FIXED]
  try {
    return readTexts(files, DETECTORS)
  } catch {
    return undefined
  }
}

const verdicts = (law: Law, questions: readonly Question[]): number[] => {
  const judge = createJudge(law)
  return questions.map(
    (question) => OPENNESS[ruling(reasonsFrom([], judge(question), question), law.thresholds).verdict],
  )
}

it('finds each change that opens something', () => {
  let [harmless, weaker] = [0, 0]
  const questions = fc.array(anyQuestion, { minLength: 25, maxLength: 25 })
  const property = fc.property(anyPair, questions, (pair, asked) => {
    const [before, after] = [textsOf(pair.before), textsOf(pair.after)]
    if (!before || !after) return
    if (weakenedTexts(before, after).length > 0) {
      weaker += 1
      return
    }
    harmless += 1
    const then = verdicts(before.law, asked)
    expect(verdicts(after.law, asked).every((openness, at) => openness <= (then[at] ?? 0))).toBe(true)
  })
  fc.assert(property, { numRuns: 50 })
  expect(harmless).toBeGreaterThan(5)
  expect(weaker).toBeGreaterThan(5)
})
