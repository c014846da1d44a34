export interface TestCounts {
  passed: number
  failed: number
}

const number = (text: string | undefined): number => Number(text ?? 0)

/** The last match decides, because summaries come last. */
function last(text: string, pattern: RegExp): RegExpMatchArray | undefined {
  return [...text.matchAll(pattern)].at(-1)
}

const count = (text: string, word: RegExp): number => number(new RegExp(`(\\d+) (?:${word.source})`).exec(text)?.[1])

/** The summary line that a runner prints, and what its numbers mean. */
const RUNNERS: ReadonlyArray<(text: string) => TestCounts | undefined> = [
  // vitest: "Tests  1 failed | 5 passed (6)"; jest: "Tests:       1 failed, 5 passed, 6 total"
  (text) => {
    const line = last(text, /^\s*Tests:?\s+(.*\d+ (?:passed|failed).*)$/gm)?.[1]
    return line === undefined ? undefined : { passed: count(line, /passed/), failed: count(line, /failed/) }
  },
  // node:test: "# pass 5" or "ℹ pass 5"
  (text) => {
    const passed = last(text, /^(?:#|ℹ) pass (\d+)$/gm)
    const failed = last(text, /^(?:#|ℹ) fail (\d+)$/gm)
    return passed && failed && { passed: number(passed[1]), failed: number(failed[1]) }
  },
  // cargo prints one line for each binary
  (text) => {
    const lines = [...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm)]
    return lines.length === 0 ? undefined : sum(lines.map(([, passed, failed]) => [number(passed), number(failed)]))
  },
  // pytest: "=== 1 failed, 5 passed, 2 warnings in 0.12s ===" or, with -q, the same without the frame
  (text) => {
    const line = last(text, /^=*\s*((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s/gm)?.[1]
    return line === undefined
      ? undefined
      : { passed: count(line, /passed/), failed: count(line, /failed/) + count(line, /errors?/) }
  },
  // unittest: "Ran 6 tests in 0.001s", then "OK" or "FAILED (failures=1, errors=1)"
  (text) => {
    const ran = last(text, /^Ran (\d+) tests? in /gm)
    const verdict = last(text, /^(?:OK|FAILED)(?: \((.*)\))?$/gm)
    if (!ran || !verdict) return undefined
    const failed =
      number(/failures=(\d+)/.exec(verdict[1] ?? '')?.[1]) + number(/errors=(\d+)/.exec(verdict[1] ?? '')?.[1])
    const skipped = number(/skipped=(\d+)/.exec(verdict[1] ?? '')?.[1])
    return { passed: Math.max(0, number(ran[1]) - failed - skipped), failed }
  },
  // mocha: "  5 passing (12ms)" and "  1 failing"
  (text) => {
    const passed = last(text, /^\s*(\d+) passing\b/gm)
    const failed = last(text, /^\s*(\d+) failing\b/gm)
    return passed || failed ? { passed: number(passed?.[1]), failed: number(failed?.[1]) } : undefined
  },
  // go test -v
  (text) => {
    const lines = [...text.matchAll(/^--- (PASS|FAIL): /gm)]
    return lines.length === 0 ? undefined : sum(lines.map(([, word]) => (word === 'PASS' ? [1, 0] : [0, 1])))
  },
  (text) => {
    const line = last(text, /\b(\d+) passed, (\d+) failed\b/g)
    return line && { passed: number(line[1]), failed: number(line[2]) }
  },
  // TAP
  (text) => {
    const lines = [...text.matchAll(/^(not )?ok \d+\b/gm)]
    return lines.length === 0 ? undefined : sum(lines.map(([, not]) => (not === undefined ? [1, 0] : [0, 1])))
  },
]

const sum = (pairs: Array<[number, number]>): TestCounts =>
  pairs.reduce((total, [passed, failed]) => ({ passed: total.passed + passed, failed: total.failed + failed }), {
    passed: 0,
    failed: 0,
  })

/** What a test run printed about itself; undefined when no runner is recognised. */
export function countTests(output: string): TestCounts | undefined {
  for (const recognise of RUNNERS) {
    const counts = recognise(output)
    if (counts !== undefined) return counts
  }
  return undefined
}
