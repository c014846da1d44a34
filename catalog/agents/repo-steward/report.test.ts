import { describe, expect, it } from 'vitest'
import { GOOD, play, type Script } from './testing/turns.ts'

const reportOf = async (changes: Script = {}, input: object = {}): Promise<string> => {
  const { done } = await play({ ...GOOD, ...changes }, input)
  return String(done.outputs.report)
}
const testRun = (changes: object): Script => ({ test: { output: { ...(GOOD.test?.output as object), ...changes } } })

describe('the report', () => {
  it('reads like this', async () => {
    expect(await reportOf()).toMatchSnapshot()
  })

  it('has rows of equal width in every table', async () => {
    const report = await reportOf()
    const tables = report.split('\n\n').filter((block) => block.startsWith('|'))
    expect(tables).toHaveLength(6)
    for (const table of tables) {
      const widths = table.split('\n').map((line) => line.split(/(?<!\\)\|/).length)
      expect(new Set(widths).size).toBe(1)
    }
  })

  it.each([
    [
      { state: 'failed', exitCode: 1, counts: { passed: 6, failed: 1 }, tail: 'not ok 3' },
      ['**The tests failed**: 6 passed, 1 failed.', 'not ok 3'],
    ],
    [{ state: 'timed_out', exitCode: 143, counts: undefined }, ['**The tests did not end** within their time.']],
    [
      { state: 'not_runnable', exitCode: 127, reason: 'pytest is not installed', counts: undefined },
      ['could not be run: pytest is not installed.'],
    ],
  ])('says how the tests went: %j', async (changes, texts) => {
    const report = await reportOf(testRun(changes))
    for (const text of texts) expect(report).toContain(text)
  })

  it('shows the output of tests only where it explains something', async () => {
    expect(await reportOf(testRun({ tail: 'all is well' }))).not.toContain('all is well')
    expect(await reportOf(testRun({ tail: 'all is well', state: 'failed' }))).toContain('all is well')
  })

  it('holds no secret that a repository or its tests print', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`
    const report = await reportOf(
      {
        ...testRun({ state: 'failed', tail: `login with ${token}`, command: `TOKEN=${token} npm test` }),
        log: {
          output: {
            commits: [{ commit: 'c'.repeat(40), at: '2026-01-02T03:04:05Z', author: 'A', subject: token }],
            total: 1,
            authors: 1,
            shallow: true,
          },
        },
      },
      { repository: `https://user:${token}@example.org/x/tool.git` },
    )
    expect(report).not.toContain('a1B2')
    expect(report).toContain('# Report on tool')
    expect(report).toContain('at least 1 commit')
  })

  it('says that nothing was found where nothing was found', async () => {
    const scan = {
      markCounts: { TODO: 0 },
      marks: [],
      largeCount: 0,
      largeFiles: [],
      secretCount: 0,
      secrets: [],
      truncated: true,
    }
    const report = await reportOf({ scan: { output: scan } })
    expect(report).toContain('| **Secrets** | none |')
    expect(report).toContain('No committed secrets were found.')
    expect(report).toContain('there may be more than is shown here')
  })

  it('names a bare repository as such', async () => {
    const clone = { ...(GOOD.clone?.output as object), bare: true }
    expect(await reportOf({ clone: { output: clone } })).toContain('`/srv/app.git` (bare)')
  })
})
