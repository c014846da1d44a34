import { fileURLToPath } from 'node:url'
import { Effect } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DETECTORS } from '../detectors/list.ts'
import { createJudge } from '../gate/judge.ts'
import { outputQuestion } from '../gate/question.ts'
import { readConstitution } from '../law/folder.ts'
import { compileLaw } from '../law/law.ts'
import { anyPolicy, anyQuestion } from '../testing/arbitrary-policies.ts'
import { articleFiles, type MadeUp } from '../testing/laws.ts'
import { CONSTITUTION } from '../testing/requests.ts'
import { coherence } from './coherence.ts'
import { conditionsOf } from './conditions.ts'
import { readVocabulary } from './vocabulary.ts'
import { worldsOf } from './worlds.ts'

const FIXED = (await readConstitution(fileURLToPath(CONSTITUTION))).filter(({ name }) =>
  /^(schema|thresholds)\./.test(name),
)
const VOCABULARY = readVocabulary(FIXED.find(({ name }) => name === 'schema.cedarschema')?.text ?? '')
const WORLDS = worldsOf(VOCABULARY, DETECTORS)

/** A law that Cedar takes; its own analysis refuses some of the made-up policies. */
function lawOf(policies: readonly MadeUp[]) {
  const files = [...articleFiles(policies), ...FIXED]
  try {
    return { law: compileLaw(files), files }
  } catch {
    return undefined
  }
}

describe('what the analysis says', () => {
  it('is never contradicted by a question', () => {
    let said = 0
    const everything = { rule: 'all', effect: 'permit' } as const
    const property = fc.property(
      fc.array(anyPolicy, { minLength: 2, maxLength: 5 }),
      fc.array(anyQuestion, { minLength: 25, maxLength: 25 }),
      (made, questions) => {
        const policies = made.map((policy, at) => ({ ...policy, rule: `p${at}` }))
        const read = lawOf([everything, ...policies])
        if (!read) return
        const findings = coherence(conditionsOf(read.files, VOCABULARY), WORLDS, DETECTORS)
        if (findings.length === 0) return
        said += findings.length
        const severity = new Map(read.law.policies.map((policy) => [policy.rule, policy.severity]))
        const judge = createJudge(read.law)
        for (const question of questions) {
          const { forbids, permits, errors } = judge(question)
          const applied = new Set([...forbids, ...permits].map(({ rule }) => rule))
          for (const { kind, policy = '', message } of findings) {
            if (!applied.has(policy)) continue
            expect(kind, message).not.toBe('unreachable')
            if (kind === 'contradiction') {
              expect(
                forbids.some((forbid) => forbid.severity === 'CRITICAL'),
                message,
              ).toBe(true)
            }
            if (kind !== 'shadowed') continue
            const [, cover = ''] = /(\w+) (?:permits|applies as well)/.exec(message) ?? []
            expect(applied.has(cover) && !errors.some(({ rule }) => rule === cover), message).toBe(true)
            if (severity.get(policy) === 'CRITICAL') expect(severity.get(cover)).toBe('CRITICAL')
          }
        }
      },
    )
    fc.assert(property, { numRuns: 60 })
    expect(said).toBeGreaterThan(20)
  })
})

it('asks as the gate asks', () => {
  const output = outputQuestion({ runId: 'r', tenant: 't', principal: 'user:a', outputs: {} }, [])
  expect(VOCABULARY.actions.has(output.action.id)).toBe(true)
  for (const effect of Effect.options) expect(VOCABULARY.actions.has(effect)).toBe(true)
})
