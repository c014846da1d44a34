import fc from 'fast-check'
import type { Policy } from '../law/article.ts'

/** Has what the constitution's schema has, and an attribute that may be absent. */
export const SCHEMA = `
  entity Tenant;
  entity User in [Tenant];
  entity Agent in [Tenant] = { name: String, version: String };
  entity Skill = { version: String, codeDigest: String };
  entity Output = { bytes: Long };
  type Run = { actions: Long, deniedInARow: Long, failedInARow: Long, taints: Set<String>, planFindings: Set<String> };
  type Facts = {
    effects: Set<String>, findings: Set<String>, workspace: String, withinScope: Bool, reads: Long, writes: Long,
    hosts: Set<String>, hostCount: Long, onBehalfOf: String, run: Run, note?: String,
  };
  action act;
  action stateful in [act];
  action none, read in [act] appliesTo { principal: [User, Agent], resource: [Skill], context: Facts };
  action write, external in [stateful] appliesTo { principal: [User, Agent], resource: [Skill], context: Facts };
  action conclude appliesTo { principal: [User, Agent], resource: [Output], context: { findings: Set<String> } };
`

const oneOf = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values)

/** A text with `{n}` for the parts that are filled in. */
const filled = (form: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => form.replaceAll(/\{(\d)\}/g, (_, at: string) => texts[Number(at)] ?? ''))

const word = oneOf('"a"', '"b"', '"read"', '"write"', '"user:owner"', '"x*y"', '"ä😀"', '""')
const set = oneOf(
  'context.findings',
  'context.effects',
  'context.hosts',
  'context.run.taints',
  'context.run.planFindings',
)
const long = oneOf(
  'context.reads',
  'context.writes',
  'context.hostCount',
  'context.run.actions',
  'context.run.deniedInARow',
)
const text = oneOf('context.workspace', 'context.onBehalfOf', 'resource.version', 'resource.codeDigest')
const number = oneOf('0', '1', '2', '-1', '7', '9007199254740991', '9007199254740993', '9223372036854775807')
const skill = oneOf('Skill::"a"', 'Skill::"b"', 'Skill::"ä😀"')
const agent = oneOf('Agent::"a@1"', 'Agent::"b"', 'User::"owner"')
const tenant = oneOf('Tenant::"acme"', 'Tenant::"other"', 'Agent::"a@1"')
const order = oneOf('<', '<=', '>', '>=', '==', '!=')
const pattern = oneOf('"*"', '"a*"', '"*a*b"', '"user:*"', '"x\\*y"', '""', '"*😀"')

/** Conditions that the judge can foresee. */
const plain = fc.oneof(
  oneOf('true', 'false', 'context.withinScope', 'principal is Agent', 'action == Action::"write"'),
  oneOf('action in [Action::"stateful", Action::"none"]', 'resource is Skill', 'context.withinScope == true'),
  filled('{0}.contains({1})', set, word),
  filled('{0}.containsAny([{1}, {2}])', set, word, word),
  filled('{0}.containsAll([{1}, {2}])', set, word, word),
  filled('[{1}, {2}].contains({0})', text, word, word),
  filled('{0} {1} {2}', long, order, number),
  filled('{2} {1} {0}', long, order, number),
  filled('{0} {1} {2}', long, order, long),
  filled('{0} {1} {2}', text, oneOf('==', '!='), fc.oneof(word, text)),
  filled('{0} like {1}', text, pattern),
  filled('principal {0} {1}', oneOf('==', '!='), agent),
  filled('resource {0} {1}', oneOf('==', '!='), skill),
  filled('principal in {0}', tenant),
  filled('principal in [{0}, {1}]', tenant, tenant),
  filled('principal is Agent in {0}', tenant),
  filled('(principal is Agent && principal.name {0} {1})', oneOf('==', '!='), word),
)

/** Conditions that it leaves to Cedar, some of which Cedar fails to evaluate. */
const opaque = fc.oneof(
  filled('{0} + {1} > 2', long, number),
  filled('{0} * {1} == {0}', long, number),
  filled('-{0} < {1}', long, number),
  filled('{0} - 9223372036854775807 < -{1}', long, long),
  filled('{0}.isEmpty()', set),
  filled('{0} == [{1}]', set, word),
  filled('{0}.containsAll({1})', set, set),
  filled('[principal].contains({0})', agent),
  filled('(principal is Agent && [principal, {0}].contains(principal))', agent),
  filled('(if context.withinScope then resource else {0}) == {0}', skill),
  filled('(if context.withinScope then resource else {0}).version == {1}', skill, word),
  filled('{0}.name == "a"', oneOf('Agent::"a@1"', 'Agent::"b"')),
  filled('Agent::"a@1" in {0}', tenant),
  filled('{"a": {0}}.a == {1}', text, word),
  oneOf(
    'context has run',
    'context has note && context.note == "a"',
    'context.note == "a"',
    'context.run has taints',
    'context has run.taints',
    'resource has version',
    'principal has name && principal is Agent && principal.name == "a"',
    'Action::"read" in Action::"act"',
    'action in Action::"stateful" && principal == principal',
    'principal in [principal]',
    'ip("10.0.0.1").isInRange(ip("10.0.0.0/8"))',
    'ip(context.onBehalfOf).isLoopback()',
    'decimal(resource.version).lessThan(decimal("1.5"))',
    'context.run == {actions: 1, deniedInARow: 0, failedInARow: 0, taints: ["a"], planFindings: ["b"]}',
  ),
)

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    { weight: 5, arbitrary: plain },
    { weight: 2, arbitrary: opaque },
    { weight: 2, arbitrary: filled('({0} && {1})', tie('condition'), tie('condition')) },
    { weight: 1, arbitrary: filled('({0} || {1})', tie('condition'), tie('condition')) },
    { weight: 1, arbitrary: filled('!({0})', tie('condition')) },
    {
      weight: 1,
      arbitrary: filled('(if {0} then {1} else {2})', tie('condition'), tie('condition'), tie('condition')),
    },
  ),
}))

const principalScope = fc.oneof(
  { weight: 4, arbitrary: oneOf('principal') },
  { weight: 1, arbitrary: filled('principal == {0}', agent) },
  { weight: 1, arbitrary: filled('principal in {0}', tenant) },
  { weight: 1, arbitrary: oneOf('principal is Agent', 'principal is User in Tenant::"acme"') },
)
const actionScope = oneOf(
  'action in Action::"act"',
  'action in Action::"stateful"',
  'action == Action::"write"',
  'action in [Action::"none", Action::"read"]',
)
const resourceScope = fc.oneof(
  { weight: 3, arbitrary: oneOf('resource') },
  { weight: 1, arbitrary: filled('resource == {0}', skill) },
  { weight: 1, arbitrary: oneOf('resource is Skill') },
)
const clause = fc.oneof(
  { weight: 4, arbitrary: filled('when { {0} }', condition) },
  { weight: 1, arbitrary: filled('unless { {0} }', condition) },
)
const clauses = fc.array(clause, { maxLength: 2 }).map((texts) => texts.join(' '))

const anyPolicyText = fc.oneof(
  {
    weight: 8,
    arbitrary: filled(
      '{3} ({0}, {1}, {2}) {4};',
      principalScope,
      actionScope,
      resourceScope,
      oneOf('permit', 'forbid', 'forbid'),
      clauses,
    ),
  },
  {
    weight: 1,
    arbitrary: oneOf(
      'forbid (principal, action, resource) when { resource is Skill && resource.version == "1" };',
      'forbid (principal, action == Action::"conclude", resource) when { resource.bytes > 3 };',
      'permit (principal, action, resource is Output);',
    ),
  },
)

/** Policies of many forms, which the law's schema may refuse. */
export const anyPolicies: fc.Arbitrary<Policy[]> = fc
  .array(anyPolicyText, { minLength: 1, maxLength: 12 })
  .map((texts) =>
    texts.map((text, at) => ({
      rule: `rule_${at}`,
      article: '99',
      title: 'Made up',
      severity: 'CRITICAL',
      remedy: 'None.',
      effect: text.startsWith('permit') ? 'permit' : 'forbid',
      quorum: 1,
      adjustable: false,
      text,
    })),
  )
