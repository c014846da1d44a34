import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cli } from '../../testing/run-cli.ts'
import { caseFile, forbid, reads, SMALL_LAW, writeAll } from '../../testing/small-law.ts'

let project: string
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'azora-law-'))
  await writeAll(project, SMALL_LAW)
})
afterEach(() => rm(project, { recursive: true, force: true }))

const constitution = (command: string, ...more: string[]) =>
  cli('constitution', command, join(project, 'constitution'), ...more)

describe('the cases', () => {
  test('that pass are counted', async () =>
    expect(await constitution('test')).toEqual({ exit: 0, stdout: '2 of 2 cases passed\n', stderr: '' }))

  test('that fail are shown with what they expect and what they get', async () => {
    await writeAll(project, { 'constitution/cases/02-measure.json': caseFile('2', reads(2, 'review', 'many_files')) })
    const { exit, stdout } = await constitution('test')
    expect(exit).toBe(1)
    expect(stdout).toMatchInlineSnapshot(`
      "✗ 2 files cases/02-measure.json
          expected review: many_files
          actual   allow
      1 of 2 cases passed
      "
    `)
    const result = JSON.parse((await constitution('test', '--json')).stdout)
    expect(result).toMatchObject({ cases: 2, failed: 1, failures: [{ name: '2 files', article: '2', passed: false }] })
  })

  test.each([
    ['that are no JSON', '{', 'cases/02-measure.json: '],
    ['of an unknown shape', '{"article":"2","cases":[{"name":"a"}]}', 'cases/02-measure.json: '],
    ['with an unknown secret', caseFile('2', { ...reads(1, 'allow'), name: '{{nothing}}' }), 'called nothing'],
  ])('%s fail', async (_, text, message) => {
    await writeAll(project, { 'constitution/cases/02-measure.json': text })
    const { exit, stderr } = await constitution('test')
    expect(exit).toBe(1)
    expect(stderr).toContain(message)
  })
})

describe('the check', () => {
  test('has nothing to say about a sound law', async () =>
    expect(await constitution('check')).toEqual({
      exit: 0,
      stdout: 'the law is valid and nothing speaks against it\n',
      stderr: '',
    }))

  test('shows what it finds', async () => {
    const article = forbid('dead', 'context.reads > 8 && context.reads < 3') + forbid('more', 'context.reads > 5')
    await writeAll(project, {
      'constitution/articles/02-measure.cedar': forbid('many_files', 'context.reads > 2') + article,
    })
    const { exit, stdout } = await constitution('check')
    expect(exit).toBe(1)
    expect(stdout).toMatchInlineSnapshot(`
      "✗ dead articles/02-measure.cedar
          It can never apply: its conditions contradict each other.
      ! more articles/02-measure.cedar
          It adds little: whenever it applies, many_files applies as well and is as grave.
      ✗ dead articles/02-measure.cedar
          No case names it.
      ✗ more articles/02-measure.cedar
          No case names it.
      3 errors, 1 warning
      "
    `)
  })

  test('lets warnings pass', async () => {
    const article = forbid('many_files', 'context.reads > 2 || context.findings.contains("typo")')
    await writeAll(project, { 'constitution/articles/02-measure.cedar': article })
    const { exit, stdout } = await constitution('check', '--json')
    expect(exit).toBe(0)
    expect(JSON.parse(stdout).findings).toMatchObject([{ kind: 'unknown_finding', severity: 'warning' }])
  })

  test('of an invalid law fails', async () => {
    await writeAll(project, { 'constitution/thresholds.json': '{"allow":1,"review":2}' })
    const { exit, stderr } = await constitution('check', '--json')
    expect(exit).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'law_invalid' } })
  })

  test('of no law says so', async () => {
    await rm(join(project, 'constitution', 'articles'), { recursive: true })
    expect(await constitution('check')).toMatchObject({ exit: 5, stdout: '' })
  })
})
