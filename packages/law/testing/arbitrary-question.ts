import fc from 'fast-check'
import type { Question } from '../gate/question.ts'

const oneOf = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const words = fc.uniqueArray(fc.constantFrom('a', 'b', 'read', 'write', 'ä😀'), { maxLength: 3 })
const counts = oneOf(0, 1, 2, 7, Number.MAX_SAFE_INTEGER)

const facts = fc.record(
  {
    effects: words,
    findings: words,
    workspace: oneOf('a', 'read', 'x*y', 'ab'),
    withinScope: fc.boolean(),
    reads: counts,
    writes: counts,
    hosts: words,
    hostCount: counts,
    onBehalfOf: oneOf('user:owner', 'a', '127.0.0.1', 'ä😀'),
    run: fc.record({ actions: counts, deniedInARow: counts, failedInARow: counts, taints: words, planFindings: words }),
    note: oneOf('a', 'b'),
  },
  {
    requiredKeys: [
      'effects',
      'findings',
      'workspace',
      'withinScope',
      'reads',
      'writes',
      'hosts',
      'hostCount',
      'onBehalfOf',
      'run',
    ],
  },
)

const anyAsked = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      action: oneOf('none', 'read', 'write', 'external'),
      uid: oneOf('a', 'b', 'ä😀').map((id) => ({ type: 'Skill', id })),
      attrs: fc.record({ version: oneOf('a', '1.0', '2.5', 'x*y'), codeDigest: fc.constant('a') }),
      context: facts,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      action: fc.constant('conclude'),
      uid: fc.constant({ type: 'Output', id: 'a' }),
      attrs: fc.record({ bytes: counts }),
      context: fc.record({ findings: words }),
    }),
  },
)

/** Questions that fit the schema of made-up laws. */
export const anyQuestion: fc.Arbitrary<Question> = fc
  .record({
    who: oneOf(
      { uid: { type: 'Agent', id: 'a@1' }, attrs: { name: 'a', version: '1' } },
      { uid: { type: 'Agent', id: 'b' }, attrs: { name: 'b', version: '' } },
      { uid: { type: 'User', id: 'owner' }, attrs: {} },
    ),
    tenant: oneOf('acme', 'other', 'ä😀'),
    asked: anyAsked,
  })
  .map(({ who, tenant, asked: { action, uid, attrs, context } }) => ({
    principal: who.uid,
    action: { type: 'Action', id: action },
    resource: uid,
    context,
    entities: [
      { ...who, parents: [{ type: 'Tenant', id: tenant }] },
      { uid, attrs, parents: [] },
    ],
    summary: '',
  }))
