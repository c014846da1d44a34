import parse from 'spdx-expression-parse'

/** What taking in code under a licence means: a conflict with the owner's own terms, or a duty for that code only. */
export type Grade = 'conflict' | 'weak'

const ORDER = [undefined, 'weak', 'conflict'] as const

const rank = (grade: Grade | undefined): number => ORDER.indexOf(grade)

export const graver = (a: Grade | undefined, b: Grade | undefined): Grade | undefined => (rank(a) >= rank(b) ? a : b)
const milder = (a: Grade | undefined, b: Grade | undefined): Grade | undefined => (rank(a) <= rank(b) ? a : b)

/** Identifiers of SPDX and LicenseRefs, and names in the same form. */
const WEAK_ID =
  /^(?:LGPL|MPL|EPL|EUPL|CDDL|CPL|IPL|APSL|MS-RL|CECILL-C|CC-BY-SA|ErlPL|SPL|SISSL|NPL|LPL|ODbL|LGPLLR|wxWindows|MulanPubL|copyleft-next|CERN-OHL-W)(?![a-z])/i
const CONFLICT_ID =
  /^(?:AGPL|GPL|SSPL|BUSL|BSL-?1\.1|CC-BY-(?:NC|ND)|CC-BY-SA-NC|Elastic|ELv?2|PolyForm|Prosperity|Parity|RPL|OSL|Sleepycat|QPL|NGPL|CECILL(?!-[BC])|FSL|Hippocratic|RSAL|CERN-OHL-S|Commons-Clause|Confluent|Aladdin|JPNIC|Noncommercial)(?![a-z])/i
const PROPRIETARY_REF = /^LicenseRef-.*(?:propriet|commercial|confidential|non-?free|closed|internal)/i

/** Exceptions that let other code link to it. */
const LINKING =
  /classpath|gcc-exception|linking|bison|autoconf|libtool|font|openjdk|runtime|llvm|qt-|ocaml|u-boot|syscall/i

function gradeOfId(id: string): Grade | undefined {
  if (WEAK_ID.test(id)) return 'weak'
  return CONFLICT_ID.test(id) || PROPRIETARY_REF.test(id) ? 'conflict' : undefined
}

function gradeOfTree(tree: ReturnType<typeof parse>): Grade | undefined {
  // Iteration in postfix order, as an expression may nest as deep as its text is long.
  const open: Array<typeof tree | 'and' | 'or'> = [tree]
  const done: Array<Grade | undefined> = []
  for (let next = open.pop(); next; next = open.pop()) {
    if (next === 'and') done.push(graver(done.pop(), done.pop()))
    else if (next === 'or') done.push(milder(done.pop(), done.pop()))
    else if ('conjunction' in next) open.push(next.conjunction, next.left, next.right)
    else {
      const grade = gradeOfId(next.license)
      const mild = next.exception !== undefined && LINKING.test(next.exception)
      done.push(grade === 'conflict' && mild ? 'weak' : grade)
    }
  }
  return done.pop()
}

/** Longer ones aren't parsed, only searched. */
const MAX_EXPRESSION = 300

/** The grade of an SPDX expression, or of what people write in its place, such as `GPLv2+` and `MIT/Apache-2.0`. */
export function gradeOfExpression(text: string): Grade | undefined {
  const expression = text.trim().slice(0, MAX_EXPRESSION)
  try {
    return gradeOfTree(parse(expression))
  } catch {
    return gradeOfNames(expression)
  }
}

/** `or` and `/` offer a choice, anything else binds all. */
function gradeOfNames(text: string): Grade | undefined {
  const all = text.split(/\s+and\s+|[,;&]|\s+\+\s+/i).map((part) => {
    const choices = part.replace(/\bor (?:any )?(?:later|newer|greater|above)\b/gi, '').split(/\bor\b|\||\/(?!\/)/i)
    return choices.map(gradeOfName).reduce(milder)
  })
  return all.reduce(graver, undefined)
}

const WEAK_NAME =
  /\b(?:LGPL|L-GPL|GNU (?:lesser|library)|(?:lesser|library) (?:GPL|general public)|MPL(?![a-z])|mozilla public|EPL(?![a-z])|eclipse (?:public|distribution \+)|EUPL|european union public|CDDL|common development and distribution|CC[- ]?BY[- ]?SA|(?:attribution[- ])?share-?alike|common public licen[cs]e|MS-RL|reciprocal)/i
const CONFLICT_NAME =
  /\b(?:A?GPL(?![a-z])|A?GPLv?\d|GNU (?:affero|general public)|general public licen[cs]e|affero|SSPL|server[- ]side public|BUSL|business[- ]source|BSL[- ]?v?1\.1|commons[- ]clause|(?:CC[- ]?)?BY[- ](?:NC|ND)|non-?commercial|no-?deriv|elastic licen[cs]e|ELv?2|polyform|prosperity|functional source|open software licen[cs]e)/i

export function gradeOfName(name: string): Grade | undefined {
  const text = name.trim().replace(/^\(|\)$/g, '')
  const byId = gradeOfId(text.replaceAll(' ', '-'))
  if (byId) return byId
  if (WEAK_NAME.test(text)) return 'weak'
  return CONFLICT_NAME.test(text) ? 'conflict' : undefined
}

/** What manifests say of code that may not be used without asking its owner. */
export const isProprietary = (licence: string): boolean =>
  /^\W*(?:unlicensed|proprietary|commercial|closed|none|all rights reserved|private|confidential|internal|(?:other\/)?proprietary licen[cs]e|licen[cs]eref-proprietary|see (?:eula|licen[cs]e agreement))\W*$/i.test(
    licence.trim(),
  ) || /\b(?:proprietary|commercial licen[cs]e|all rights reserved)\b/i.test(licence)
