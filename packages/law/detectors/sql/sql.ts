import { isStateful } from '@azora/contracts'
import type { Text } from '../../facts/subject.ts'
import { type ActionSubject, type Detector, type Fact, factAbout } from '../detector.ts'
import type { Findings, Kind } from './findings.ts'
import { judgeSql } from './judge.ts'

const ARTICLE = '14'

interface Rule extends Omit<Fact, 'evidence'> {
  kind: Kind
}

const RULES: readonly Rule[] = [
  {
    kind: 'writes',
    rule: 'sql_understated',
    article: ARTICLE,
    severity: 'CRITICAL',
    message: 'It would write to a database, but the skill declares no effect that writes.',
    remedy: 'Ask with a statement that only reads, or use a skill that declares `write`.',
  },
  {
    kind: 'destroys',
    rule: 'sql_destroys',
    article: ARTICLE,
    severity: 'CRITICAL',
    message: 'It would destroy data in a database that nothing brings back.',
    remedy: 'Name the rows in a `where`; people drop and empty tables themselves.',
  },
  {
    kind: 'grants',
    rule: 'sql_grants',
    article: ARTICLE,
    severity: 'HIGH',
    message: 'It would change who may do what in a database, or the settings of its server.',
    remedy: 'Leave rights and settings to the people who run the database, or wait for the review.',
  },
  {
    kind: 'reachesOut',
    rule: 'sql_reaches_out',
    article: ARTICLE,
    severity: 'CRITICAL',
    message: 'It would make the database reach files, programs or other servers.',
    remedy: 'Read and write files with a skill for files, inside the scope of the run.',
  },
  {
    kind: 'locks',
    rule: 'sql_locks',
    article: ARTICLE,
    severity: 'MEDIUM',
    message: 'It would hold locks or a connection, so that others have to wait.',
    remedy: 'Read without locks, or wait for the review.',
  },
  {
    kind: 'unreadable',
    rule: 'sql_unreadable',
    article: ARTICLE,
    severity: 'HIGH',
    message: 'It holds SQL that can not be read, so what it does is not known.',
    remedy: 'Write it as plain statements, without text that is put together while it runs.',
  },
]

/** A sequence that is moved on has gaps afterwards; no row is touched. */
const UNDERSTATED_MILDLY: Rule = {
  kind: 'advances',
  rule: 'sql_understated',
  article: ARTICLE,
  severity: 'HIGH',
  message: 'It would move a sequence of a database on, but the skill declares no effect that writes.',
  remedy: 'Leave numbers to the statement that inserts the row, or use a skill that declares `write`.',
}

const MAX_SPANS = 8

/** What SQL in the arguments would do. The dialect isn't known: what any common database would take it for counts. */
export const sql: Detector<ActionSubject> = {
  name: 'sql',
  rules: RULES.map(({ rule }) => rule),
  find({ texts, action }) {
    const judged = texts.filter(({ format }) => format === 'sql').flatMap(judgedText)
    if (judged.length === 0) return []
    const writes = isStateful(action.effects)
    return RULES.filter(({ kind }) => kind !== 'writes' || !writes).flatMap((rule) => {
      const facts = factOf(rule, judged)
      return rule.kind === 'writes' && facts.length === 0 ? factOf(UNDERSTATED_MILDLY, judged) : facts
    })
  },
}

interface JudgedText {
  text: Text
  findings: Findings
}

function judgedText(text: Text): JudgedText[] {
  const findings = judgeSql(text.value, text.declared || text.key.toLowerCase() === 'sql')
  return findings ? [{ text, findings }] : []
}

function factOf({ kind, ...fact }: Rule, judged: readonly JudgedText[]): Fact[] {
  const guilty = judged.filter(({ findings }) => findings.of(kind).length > 0)
  const things = guilty.flatMap(({ findings }) => findings.of(kind))
  const spans = guilty.slice(0, MAX_SPANS).map(({ text }) => ({ pointer: text.pointer() }))
  return factAbout(things, { ...fact, spans })
}
