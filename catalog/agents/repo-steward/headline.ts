import { type Findings, type Inspection, known, markTotal, type Part, type Tests } from './findings.ts'
import { code, inline, plural, sentence, size, table } from './markdown.ts'

/** The table at the top: what one wants to know at a glance. */
export function headline({ repository, findings }: { repository: string; findings: Findings }): string {
  const clone = known(findings.clone)
  const inspect = known(findings.inspect)
  const scan = known(findings.scan)
  const rows: Array<[string, string]> = [['Repository', `${code(repository, 300)}${clone?.bare ? ' (bare)' : ''}`]]
  if (clone) rows.push(['Commit', commitText(clone)])
  if (clone && !clone.empty) {
    rows.push(['Size', `${plural(clone.files, 'file')}, ${size(clone.bytes)}`])
    rows.push(['Languages', languagesText(inspect)])
    rows.push([
      'Licence',
      inspect
        ? inspect.licence === null
          ? 'none found'
          : `${inline(inspect.licence.spdx)} (${code(inspect.licence.source)})`
        : 'not known',
    ])
    rows.push(['Tests', testsInWords(findings.test, findings.inspect)])
    rows.push(['Secrets', countText(scan?.secretCount)])
    rows.push(['Marks', countText(scan && markTotal(scan))])
    rows.push(['Large files', countText(scan?.largeCount)])
  }
  return table(
    ['', ''],
    rows.map(([name, value]) => [`**${name}**`, value]),
  )
}

function commitText({ head, branch }: { head: string | null; branch: string | null }): string {
  const on = branch === null ? 'detached' : `on ${code(branch)}`
  return head === null ? `none yet, ${on}` : `${code(head.slice(0, 10))} ${on}`
}

function languagesText(inspect: Inspection | undefined): string {
  if (!inspect) return 'not known'
  const total = inspect.languages.reduce((sum, { bytes }) => sum + bytes, 0)
  const named = inspect.languages
    .filter(({ bytes }, place) => place === 0 || 100 * bytes >= total)
    .slice(0, 3)
    .map(({ name, bytes }) => `${inline(name)} ${total === 0 ? '' : `${Math.round((100 * bytes) / total)} %`}`.trim())
  return named.join(', ') || 'none known'
}

const countText = (count: number | undefined): string =>
  count === undefined ? 'not known' : count === 0 ? 'none' : `${count.toLocaleString('en-US')} found`

/** How the tests went, as one sentence. */
export function testsInWords(test: Part<Tests>, inspect: Part<Inspection>): string {
  if (test.state === 'missing') return `The tests were not run: ${sentence(test.why)}`
  if (test.state === 'open') {
    if (inspect.state !== 'done') return 'The tests were not run: how to run them could not be found out.'
    return 'No test command was found. Name one in `package.json` as `scripts.test`, or in `azora.json` as `test`.'
  }
  const { state, counts, reason } = test.value
  const counted = counts ? `: ${counts.passed} passed, ${counts.failed} failed` : ''
  switch (state) {
    case 'passed':
      return `The tests passed${counted}.`
    case 'failed':
      return `**The tests failed**${counted}.`
    case 'timed_out':
      return '**The tests did not end** within their time.'
    case 'not_runnable':
      return `The tests could not be run: ${sentence(reason ?? 'something that they need is not installed')}`
  }
}
