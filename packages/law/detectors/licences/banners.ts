import { type Grade, gradeOfExpression, gradeOfName, graver } from './grade.ts'

/** The name of a licence with some grade, in running text. */
const NAME = String.raw`(?:(?:the |an? )?(?:terms (?:and conditions )?of )?(?:the )?(?:version [\d.]+ of the )?)(?<name>(?:GNU )?(?:L|A)?GPL[-\s]?v?[\d.]*\+?|(?:GNU )?(?:affero |lesser |library )?general public licen[cs]e|GNU (?:affero|lesser|library) (?:GPL|public licen[cs]e)|SSPL|server[- ]side public licen[cs]e|BUSL|BSL[- ]?1\.1|business[- ]source licen[cs]e|commons[- ]clause|elastic licen[cs]e|polyform [\w-]+|functional source licen[cs]e|MPL|mozilla public licen[cs]e|EPL|eclipse public licen[cs]e|EUPL|european union public licen[cs]e|CDDL|common development and distribution licen[cs]e|(?:a )?(?:creative commons )?(?:CC[- ]?)?(?:BY|attribution)[- ](?:NC|ND|SA|non-?commercial|no-?deriv\w*|share-?alike)[\w-]*)(?![a-z])`

/** Sentences that put the code itself under a licence. */
const ASSERTIONS = [
  String.raw`\b(?:licen[cs]ed|released|distributed|available|published|provided|offered|covered|governed|shared|issued|redistribut\w+[^.]{0,80}?|modify[^.]{0,60}?|subject|use[sd]?)(?: \w+){0,3}? (?:under|by|to|with|of) ${NAME}`,
  String.raw`\b(?:under|subject to) the terms (?:and conditions )?of ${NAME}`,
  String.raw`\bin compliance with ${NAME}`,
  String.raw`(?:^|[\n@.*] ?)licen[cs]es?(?: type)?\s*(?:[:=-]|is\b)?\s{0,3}(?:under )?${NAME}`,
  String.raw`^(?:\W{0,5})${NAME}(?:,? (?:v(?:ersion)?\.? ?)?[\d.]+)?\W*$`,
  String.raw`\b(?:see|read) ${NAME} for (?:more )?details`,
  String.raw`\b(?:copied|taken|adapted|ported|vendored|borrowed|lifted|derived|imported|source:|from https?:|^under\b)[^\n]{0,160}?${NAME}`,
  String.raw`\| ?${NAME}[ \d.]*(?:licen[cs]ed?)?(?= *(?:\||\*|$))`,
].map((source) => new RegExp(source, 'gim'))

const RESTRICTIONS =
  /\b(?:(?:for|to) (?:personal[, ]+|academic[, ]+|educational[, ]+|research[, ]+|evaluation[, ]+|and |or )*non-?commercial(?:[, ]+(?:and|or|research|academic|educational|personal)){0,3} (?:use|purposes?)|non-?commercial (?:use|purposes?) only|not for commercial use|commercial use (?:is |of this \w+ is )?(?:strictly )?(?:prohibited|forbidden|not (?:permitted|allowed))|(?:requires|without|unless you (?:have|hold)) a (?:paid |valid )?commercial licen[cs]e)/i
const SECRECY =
  /\b(?:confidential (?:and|&) proprietary|proprietary (?:and|&) confidential|(?:company|strictly|highly) confidential|unauthori[sz]ed (?:copying|use|reproduction|distribution|disclosure|duplication)|trade secrets? of|(?:confidential|proprietary) (?:information|property|material|code|software|source code) (?:of|belonging to)|(?:do not|may not be|must not be) (?:copied|reproduced|disclosed|distributed|redistributed|distribute|copy|redistribute)\b[^.]{0,80}(?:without|outside)|(?:this (?:file|code|software|program|source)[^.]{0,40}) is (?:confidential|proprietary)|(?:company|corporate|corp|inc|ltd|gmbh|employees)\b[^.]{0,40}internal use only|internal use only[^.]{0,40}(?:company|employees|distribut|disclos))/i

/** `SPDX-License-Identifier` of SPDX 2.3, annex E, and of REUSE. */
const SPDX_LINE = /SPDX-License-Identifier:[ \t]*([^\n*]{1,300})/gi

const PERMISSIVE = /\b(?:MIT|BSD|Apache|ISC|zlib|unlicen[cs]e|CC0|WTFPL|public domain|boost)\b/i

/** The grade that a comment gives to the code around it. `lines` keeps its line ends, `text` is the same as running text. */
export function gradeOfBanner(lines: string, text: string): Grade | undefined {
  const declared = [...lines.matchAll(SPDX_LINE)].map(([, expression = '']) =>
    gradeOfExpression(expression.replace(/(?:-->|\*\/|["'`].*)\s*$/, '')),
  )
  if (declared.length > 0) return declared.reduce(graver, undefined)
  if (RESTRICTIONS.test(text) && !isDenied(text, text.search(RESTRICTIONS))) return 'conflict'
  if (SECRECY.test(text) && !/\bredistribution and use\b/i.test(text)) return 'conflict'
  return [lines, text].map(gradeAsserted).reduce(graver, undefined)
}

function gradeAsserted(text: string): Grade | undefined {
  let grade: Grade | undefined
  for (const pattern of ASSERTIONS) {
    for (const match of text.matchAll(pattern)) {
      const name = match.groups?.name ?? ''
      if (isDenied(text, match.index) || isChoice(text, match.index, match.index + match[0].length)) continue
      grade = graver(grade, gradeOfName(name))
    }
  }
  return grade
}

/** True when the words before say the opposite, or speak of other code in general. */
function isDenied(text: string, at: number): boolean {
  const before =
    text
      .slice(Math.max(0, at - 80), at)
      .split(/[.!?;]\s/)
      .at(-1) ?? ''
  return (
    /\b(?:not|never|isn't|aren't|unlike|instead of|rather than|neither|nor|avoid|no longer|formerly|whether|if|checks?|detects?|finds?|reports?|rejects?|refuses?|matches|parses?|returns?|skips?|for example|e\.g|such as|compatible with)\b[^.]{0,50}$/i.test(
      before,
    ) ||
    (/\b(?:packages?|dependenc\w+|files|modules|libraries|crates|projects|anything|everything|works|repositories|things|those|code|software)(?: (?:that|which))?(?: (?:is|are|was|were|be|being))?\s*$/i.test(
      before,
    ) &&
      !/\b(?:this|these|following|portions|parts|all)\b/i.test(before))
  )
}

/** True when the sentence offers a permissive licence as well. */
function isChoice(text: string, start: number, end: number): boolean {
  const sentence = text.slice(Math.max(0, start - 100), end + 100)
  if (!PERMISSIVE.test(sentence)) return false
  return /\bdual\b|\beither\b|\bchoice\b|\bchoose\b|\bor\b|\/(?! )/i.test(
    sentence.replace(/\bor \(?(?:at your option\)? )?(?:any )?later/gi, ''),
  )
}
