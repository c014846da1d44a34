/** Marks at the start of a line that make the rest of it a comment, in the languages that are likely in a repository. */
const LINE_MARK =
  /^(?:\/\/+!?|#(?!include|define|if|endif|else|pragma|undef|import|!)+|--+(?!>)|;+|%+|dnl\b|REM\b|'(?=\s)|!(?=\s)|\.\\")[ \t]?/
const OPENERS: ReadonlyArray<readonly [string, string]> = [
  ['/*', '*/'],
  ['"""', '"""'],
  ["'''", "'''"],
  ['<!--', '-->'],
  ['(*', '*)'],
  ['{-', '-}'],
  ['=begin', '=end'],
  ['<#', '#>'],
  ['--[[', ']]'],
]
/** A banner in the middle of a line, as packers keep it. */
const KEPT = '/*!'

/**
 * The comments of a source file, each block and each run of line comments as one text, without their marks. Only comments
 * that begin a line count, or that packers keep: what stands in a string, a pattern or a template is not said of the file.
 */
export function commentsOf(source: string): string[] {
  const comments: string[] = []
  let run: string[] = []
  const close = (): void => {
    if (run.length > 0) comments.push(run.join('\n'))
    run = []
  }
  let until: string | undefined
  let inTemplate = false
  for (const raw of source.split(/\r?\n/)) {
    const line = raw.trim()
    if (until !== undefined) {
      const end = line.indexOf(until)
      run.push((end === -1 ? line : line.slice(0, end)).replace(/^\*+ ?/, ''))
      if (end === -1) continue
      until = undefined
      close()
      continue
    }
    if (inTemplate || raw.includes('`')) {
      const opened = inTemplate
      if (oddBackticks(raw)) inTemplate = !inTemplate
      if (opened) continue
    }
    const opener = openerOf(line)
    if (opener) {
      close()
      const end = line.indexOf(opener.end, opener.at)
      run.push(line.slice(opener.at, end === -1 ? undefined : end).replace(/^[*!]+ ?/, ''))
      if (end === -1) until = opener.end
      else close()
    } else if (LINE_MARK.test(line)) run.push(line.replace(LINE_MARK, ''))
    else close()
  }
  close()
  return comments
}

function openerOf(line: string): { at: number; end: string } | undefined {
  const opener = OPENERS.find(([start]) => line.startsWith(start) || line.startsWith(`r${start}`))
  if (opener) return { at: line.indexOf(opener[0]) + opener[0].length, end: opener[1] }
  const kept = line.indexOf(KEPT)
  return kept === -1 ? undefined : { at: kept + KEPT.length, end: '*/' }
}

const oddBackticks = (line: string): boolean => (line.replaceAll('\\`', '').split('`').length - 1) % 2 === 1

/** A comment as running text: lines joined, words mended that were hyphenated at line ends. */
export const flowing = (comment: string): string =>
  comment
    .replace(/([a-z])-\s*\n\s*(?=[a-z])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
