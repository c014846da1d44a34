import { type Findings, markTotal, type Part } from './findings.ts'
import { headline, testsInWords } from './headline.ts'
import { code, codeBlock, duration, inline, plural, sentence, size, table } from './markdown.ts'

/** What a report is about. */
export interface Subject {
  runId: string
  repository: string
  /** Short name for the title. */
  name: string
  findings: Findings
}

const SHOWN = { marks: 50, largeFiles: 30, secrets: 50, commits: 10, languages: 12 }

/** The report as Markdown: a pure function of what was found. What it quotes is escaped and without secrets. */
export function renderReport(subject: Subject): string {
  const { findings } = subject
  const empty = findings.clone.state === 'done' && findings.clone.value.empty
  const sections = empty
    ? [
        '## Contents\n\nThe repository has no commits yet, so there was nothing to look at. This report is its first commit.',
      ]
    : [
        tests(findings),
        secrets(findings),
        marks(findings),
        largeFiles(findings),
        languages(findings),
        history(findings),
      ]
  return `${[`# Report on ${inline(subject.name)}`, headline(subject), ...sections, about(subject)].join('\n\n')}\n`
}

function tests({ test, inspect }: Findings): string {
  const words = testsInWords(test, inspect)
  if (test.state !== 'done') return `## Tests\n\n${words}`
  const { command, state, exitCode, durationMs, tail } = test.value
  const intro = `${words} The command ${code(command)} ran in a sandbox without network for ${duration(durationMs)} and ended with exit status ${exitCode}.`
  const shown = state === 'passed' || tail.trim() === '' ? '' : `\n\nThe end of its output:\n\n${codeBlock(tail)}`
  return `## Tests\n\n${intro}${shown}`
}

function secrets({ scan }: Findings): string {
  return section('Secrets', scan, ({ secrets: found, secretCount }) => {
    if (found.length === 0) return 'No committed secrets were found.'
    const rows = found
      .slice(0, SHOWN.secrets)
      .map((secret) => [inline(secret.kind), place(secret), code(secret.masked, 24)])
    const advice = 'Revoke each of them first, then remove it: history and clones keep what was once committed.'
    return `${advice}\n\n${table(['Kind', 'Where', 'Begins with'], rows)}${rest(secretCount, rows.length)}`
  })
}

function marks({ scan }: Findings): string {
  return section('Marks', scan, (value) => {
    if (value.marks.length === 0) return 'No TODO, FIXME, HACK or XXX marks were found.'
    const rows = value.marks
      .slice(0, SHOWN.marks)
      .map((mark) => [inline(mark.kind), place(mark), inline(mark.text, 120)])
    return `${table(['Mark', 'Where', 'Text'], rows)}${rest(markTotal(value), rows.length)}`
  })
}

function largeFiles({ scan }: Findings): string {
  return section('Large files', scan, ({ largeFiles: found, largeCount }) => {
    if (found.length === 0) return 'No file is larger than 1 MB.'
    const rows = found.slice(0, SHOWN.largeFiles).map(({ file, bytes }) => [code(file), size(bytes)])
    return `${table(['File', 'Size'], rows)}${rest(largeCount, rows.length)}`
  })
}

function languages({ inspect }: Findings): string {
  return section('Languages', inspect, ({ languages: found }) => {
    if (found.length === 0) return 'No source files of a known language were found.'
    const total = found.reduce((sum, { bytes }) => sum + bytes, 0)
    const rows = found
      .slice(0, SHOWN.languages)
      .map(({ name, files, bytes }) => [inline(name), `${share(bytes, total)}`, `${files}`, size(bytes)])
    return `${table(['Language', 'Share', 'Files', 'Size'], rows)}${rest(found.length, rows.length)}`
  })
}

function history({ log }: Findings): string {
  return section('Recent history', log, ({ commits, total, authors, shallow }) => {
    const least = shallow ? 'at least ' : ''
    const intro = `The branch has ${least}${plural(total, 'commit')} by ${least}${plural(authors, 'author')}.`
    const rows = commits
      .slice(0, SHOWN.commits)
      .map(({ commit, at, author, subject }) => [
        code(commit.slice(0, 10)),
        at.slice(0, 10),
        inline(author, 60),
        inline(subject, 100),
      ])
    return rows.length === 0 ? intro : `${intro}\n\n${table(['Commit', 'Date', 'Author', 'Subject'], rows)}`
  })
}

function about({ runId, findings }: Subject): string {
  const cut = findings.scan.state === 'done' && findings.scan.value.truncated
  return [
    '## About this report',
    '',
    `Written by the agent \`repo-steward\` in run \`${runId}\`. It works by fixed rules, without a model, and every action`,
    `was checked before it happened: \`azora run evidence ${runId}\` exports the record, \`azora audit verify\` checks it.`,
    ...(cut ? ['', 'The repository is larger than the bounds of the scan: there may be more than is shown here.'] : []),
  ].join('\n')
}

function section<T>(title: string, part: Part<T>, render: (value: T) => string): string {
  if (part.state === 'done') return `## ${title}\n\n${render(part.value)}`
  return `## ${title}\n\n${part.state === 'open' ? 'This was not looked at.' : `This could not be found out: ${sentence(part.why, 400)}`}`
}

const place = ({ file, line }: { file: string; line: number }): string => code(`${file}:${line}`)

const share = (bytes: number, total: number): string => (total === 0 ? '–' : `${((100 * bytes) / total).toFixed(1)} %`)

const rest = (count: number, shown: number): string =>
  count > shown ? `\n\nand ${(count - shown).toLocaleString('en-US')} more.` : ''
