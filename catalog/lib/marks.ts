export const MARKS = ['TODO', 'FIXME', 'HACK', 'XXX'] as const
export type MarkKind = (typeof MARKS)[number]

export interface Mark {
  kind: MarkKind
  line: number
  /** The rest of the line from the mark on, at most 160 characters. */
  text: string
}

const TEXT_MAX = 160
/** Longer lines are generated, not written. */
const LINE_MAX = 2000

const WORD = String.raw`(${MARKS.join('|')})(?=$|[\s:(.,!\]*-])`
const COMMENT_STARTS = String.raw`\/\/|\/\*|#|<!--|--|;|%|"""|'''|^\s*\*`
/** Further on in the comment, but not within quotes: that is a text about marks. */
const ON_THE_WAY = String.raw`[^'"\x60]{0,200}?[\s(@:*[]`
const IN_COMMENT = new RegExp(String.raw`(?:${COMMENT_STARTS})\s*(?:${ON_THE_WAY})??${WORD}`)
/** At the start of a line of prose or of a list item. */
const AT_START = new RegExp(String.raw`^\s*(?:[-*+] (?:\[.\] )?)?${WORD}`)

/** Marks that people leave in comments, in the order of their lines. */
export function findMarks(text: string): Mark[] {
  const marks: Mark[] = []
  let line = 0
  for (const content of text.split('\n')) {
    line += 1
    if (content.length > LINE_MAX) continue
    const match = IN_COMMENT.exec(content) ?? AT_START.exec(content)
    const kind = MARKS.find((name) => name === match?.[1])
    if (match === null || kind === undefined) continue
    const start = match.index + match[0].length - kind.length
    marks.push({ kind, line, text: tidy(content.slice(start)) })
  }
  return marks
}

const tidy = (text: string): string =>
  text
    .replace(/(\*\/|-->)\s*$/, '')
    .trim()
    .slice(0, TEXT_MAX)
