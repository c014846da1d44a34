import type { Json } from '@azora/sdk'
import { type Findings, known, markTotal } from './findings.ts'
import { maskSecrets } from './mask.ts'

const MAX_ITEMS = 500
const MAX_TEXT = 300

/** What a run hands over: without secrets, and below the 1 MiB that the constitution lets a run conclude with. */
export function outputsOf(about: { repository: string; report: string; branch: string; findings: Findings }): Json {
  const { findings, repository, report, branch } = about
  const inspect = known(findings.inspect)
  const scan = known(findings.scan)
  const published = known(findings.publish)
  const marks = scan?.marks.map((mark) => ({ ...mark, text: maskSecrets(mark.text).slice(0, MAX_TEXT) }))
  return masked({
    repository,
    branch: published ? branch : null,
    commit: published?.commit ?? null,
    pushed: published?.pushed ?? false,
    report,
    languages: inspect?.languages.slice(0, MAX_ITEMS) ?? [],
    licence: inspect?.licence?.spdx ?? null,
    tests: testsOf(findings),
    marks: scan && marks ? found(markTotal(scan), marks) : null,
    largeFiles: scan ? found(scan.largeCount, scan.largeFiles) : null,
    secrets: scan ? found(scan.secretCount, scan.secrets) : null,
    denied: findings.denied,
  })
}

/** The number of all, and those that were listed. */
const found = (total: number, items: Json[]): Json => ({ total, items: items.slice(0, MAX_ITEMS) })

function testsOf({ test, inspect }: Findings): Json {
  if (test.state === 'missing') return { state: 'not_run', reason: test.why }
  if (test.state === 'open') return { state: inspect.state === 'done' ? 'none' : 'not_run' }
  const { tail: _tail, counts, reason, ...rest } = test.value
  return { ...rest, ...(reason ? { reason } : {}), ...(counts ? { counts } : {}) }
}

function masked(value: Json): Json {
  if (typeof value === 'string') return maskSecrets(value)
  if (Array.isArray(value)) return value.map(masked)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, masked(child)]))
}
