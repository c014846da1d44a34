import { Effect, type Severity, type VerificationRequest } from '@azora/contracts'
import fc from 'fast-check'
import { DETECTORS } from '../detectors/list.ts'
import { actionQuestion, type Question } from '../gate/question.ts'
import { anyRequest } from './arbitrary.ts'
import type { MadeUp } from './laws.ts'

const number = fc.integer({ min: -1, max: 3 })
const comparison = fc
  .tuple(
    fc.constantFrom('reads', 'writes', 'hostCount', 'run.actions'),
    fc.constantFrom('<', '<=', '==', '!=', '>', '>='),
    number,
  )
  .map((parts) => `context.${parts.join(' ')}`)
const set = (name: string, ...values: string[]) =>
  fc.oneof(
    fc.constantFrom(...values).map((value) => `context.${name}.contains("${value}")`),
    fc
      .tuple(fc.constantFrom('containsAny', 'containsAll'), fc.subarray(values))
      .map(([operator, some]) => `context.${name}.${operator}(${JSON.stringify([...some, values[0]])})`),
    fc.constant(`context.${name}.isEmpty()`),
  )
const atom = fc.oneof(
  comparison,
  set('effects', 'read', 'write', 'external', 'destructive'),
  set('findings', 'private_host', 'effects_missing', 'host_outside_scope'),
  set('hosts', 'example.org', '127.0.0.1:3000'),
  fc.constantFrom(
    'context.withinScope',
    'principal is Agent',
    'principal is User',
    'principal == User::"owner"',
    'principal in Tenant::"acme"',
    '(principal is Agent && principal.name == "x")',
    'context.workspace == "none"',
    'context.workspace != "write"',
    'context.workspace like "w*"',
    'action == Action::"write"',
    'action in [Action::"stateful", Action::"none"]',
    'context.reads < context.writes',
    '[1, 2].contains(context.reads)',
    'context.reads + 9223372036854775807 > 3',
  ),
)
export const anyCondition = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    atom,
    fc.tuple(tie('any'), fc.constantFrom('&&', '||'), tie('any')).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    tie('any').map((inner) => `!(${inner})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(if ${a} then ${b} else ${c})`),
  ),
})).any

/** A policy about actions, in the words of the constitution's schema. */
export const anyPolicy: fc.Arbitrary<Omit<MadeUp, 'rule'>> = fc
  .record({
    effect: fc.constantFrom('permit' as const, 'forbid' as const),
    grave: fc.constantFrom<Severity>('CRITICAL', 'HIGH'),
    scope: fc.constantFrom(
      'principal, action in Action::"act", resource',
      'principal is Agent, action in [Action::"read", Action::"write"], resource',
      'principal, action in Action::"stateful", resource is Skill',
      'principal is User in Tenant::"acme", action in Action::"act", resource',
    ),
    when: anyCondition,
  })
  .map(({ grave, effect, ...rest }) => ({ ...rest, effect, severity: effect === 'permit' ? 'CRITICAL' : grave }))

const RULES = DETECTORS.action.flatMap(({ rules }) => rules)
/** A question about an action, as the gate may ask it. */
export const anyQuestion: fc.Arbitrary<Question> = fc
  .record({
    request: anyRequest,
    found: fc.subarray(RULES, { maxLength: 4 }),
    effects: fc.subarray([...Effect.options]),
  })
  .map(({ request, found, effects }) => {
    const asked: VerificationRequest = { ...request, action: { ...request.action, effects } }
    const findings = new Set(found)
    if (effects.length === 0) findings.add('effects_missing')
    return actionQuestion(asked, [...findings])
  })
