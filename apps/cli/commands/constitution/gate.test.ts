import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cli } from '../../testing/run-cli.ts'
import { caseFile, forbid, reads, SMALL_LAW, writeAll } from '../../testing/small-law.ts'

const ARTICLE = 'constitution/articles/02-measure.cedar'
const CASES = 'constitution/cases/02-measure.json'
const WHY = 'constitution/CONSTITUTION.md'
const AGENT = 'catalog/agents/tidy/tidy.agent.ts'
const AGENT_TEST = 'catalog/agents/tidy/tidy.test.ts'

let repository: string
beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), 'azora-gate-'))
  await writeAll(repository, { ...SMALL_LAW, [AGENT]: 'export {}\n', [AGENT_TEST]: 'export {}\n' })
  git('init', '--quiet', '--initial-branch=main')
  commit()
})
afterEach(() => rm(repository, { recursive: true, force: true }))

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
    cwd: repository,
    encoding: 'utf8',
  })

function commit(): void {
  git('add', '--all')
  git('commit', '--quiet', '--message=change')
}

const gate = (...more: string[]) =>
  cli('constitution', 'gate', '--base', 'main', '--folder', join(repository, 'constitution'), ...more)

/** Reasons as `kind file`, with `!` before those that fail. */
async function reasons(files: Record<string, string | null>): Promise<{ exit: number; said: string[] }> {
  await writeAll(repository, files)
  const { exit, stdout } = await gate('--json')
  const found: { reasons: Array<{ kind: string; file: string; fails: boolean }> } = JSON.parse(stdout)
  return { exit, said: found.reasons.map(({ kind, file, fails }) => `${fails ? '!' : ''}${kind} ${file}`) }
}

const owned = { [WHY]: SMALL_LAW[WHY]?.replace('People look.', 'Four files are few.') ?? '' }

describe('a change of the law', () => {
  test('that is none passes', async () => expect(await reasons({})).toEqual({ exit: 0, said: [] }))

  test('that forbids more passes', async () =>
    expect(await reasons({ [ARTICLE]: forbid('many_files', 'context.reads > 1') })).toEqual({ exit: 0, said: [] }))

  test('that weakens fails for each reason', async () => {
    expect(await reasons({ [ARTICLE]: forbid('many_files', 'context.reads > 4') })).toEqual({
      exit: 1,
      said: [`!forbid_narrowed ${ARTICLE}`, `!case_opened ${CASES}`],
    })
    expect((await gate()).stdout).toMatchInlineSnapshot(`
      "✗ The forbid many_files applies to less than before, or that can't be excluded. constitution/articles/02-measure.cedar
          Add or change a case in constitution/cases that shows it.
          Say why in the section "Article 2" of constitution/CONSTITUTION.md.
      ✗ The case "3 files" had the verdict review and has allow. constitution/cases/02-measure.json
          Add or change a case in constitution/cases that shows it.
          Say why in the section "Article 2" of constitution/CONSTITUTION.md.
      the change may not go in as it is
      "
    `)
  })

  test('that takes a layer away fails', async () => {
    const LAYER = 'constitution/layers/classroom'
    await writeAll(repository, {
      [`${LAYER}/layer.json`]: '{"title": "Classrooms", "tenants": ["school-*"]}\n',
      [`${LAYER}/articles/02-measure.cedar`]: forbid('any_file', 'context.reads > 0'),
    })
    commit()
    const gone = { [`${LAYER}/layer.json`]: null, [`${LAYER}/articles/02-measure.cedar`]: null }
    expect(await reasons(gone)).toEqual({ exit: 1, said: [`!layer_removed ${LAYER}/layer.json`] })
  })

  test('that weakens with a case but without a reason for people fails', async () =>
    expect(
      await reasons({
        [ARTICLE]: forbid('many_files', 'context.reads > 4'),
        [CASES]: caseFile('2', reads(3, 'allow')),
      }),
    ).toEqual({ exit: 1, said: [`!forbid_narrowed ${ARTICLE}`, `!case_opened ${CASES}`] }))

  test('that weakens with a reason but without a case fails', async () =>
    expect((await reasons({ [ARTICLE]: forbid('many_files', 'context.reads > 4'), ...owned })).exit).toBe(1))

  test('that weakens with both passes and is told', async () =>
    expect(
      await reasons({
        [ARTICLE]: forbid('many_files', 'context.reads > 4'),
        [CASES]: caseFile('2', reads(3, 'allow'), reads(5, 'review', 'many_files')),
        ...owned,
      }),
    ).toEqual({ exit: 0, said: [`forbid_narrowed ${ARTICLE}`, `case_opened ${CASES}`] }))

  test('that lowers a threshold fails', async () =>
    expect(await reasons({ 'constitution/thresholds.json': '{"allow":85,"review":70}' })).toEqual({
      exit: 1,
      said: ['!threshold_lowered constitution/thresholds.json', `!case_opened ${CASES}`],
    }))

  test('that makes it invalid fails', async () => {
    await writeAll(repository, { [ARTICLE]: 'forbid' })
    const { exit, stderr } = await gate()
    expect(exit).toBe(1)
    expect(stderr).toContain('Correct the constitution')
  })

  test('that is the first law passes', async () => {
    git('rm', '-r', '--quiet', '--cached', 'constitution')
    git('commit', '--quiet', '--message=none')
    expect(await reasons({})).toEqual({ exit: 0, said: [] })
  })

  test('is found among committed files too', async () => {
    git('checkout', '--quiet', '-b', 'change')
    await writeAll(repository, { [ARTICLE]: null, [CASES]: null })
    commit()
    expect((await reasons({})).said).toEqual([
      `!forbid_removed ${ARTICLE}`,
      `!case_removed ${CASES}`,
      `!case_opened ${CASES}`,
    ])
  })
})

describe('a change of an agent', () => {
  test.each<[string, Record<string, string | null>, string[]]>([
    ['fails without a test', { [AGENT]: 'export const a = 1\n' }, [`!agent_untested ${AGENT}`]],
    ['passes with one', { [AGENT]: 'export const a = 1\n', [AGENT_TEST]: 'export const t = 1\n' }, []],
    ['fails in a new file', { 'catalog/agents/new/a.ts': 'export {}\n' }, ['!agent_untested catalog/agents/new/a.ts']],
    [
      'passes in a new file with a new test',
      { 'catalog/agents/new/a.ts': '1\n', 'catalog/agents/new/a.test.ts': '1\n' },
      [],
    ],
    [
      "fails with another agent's test",
      { [AGENT]: '1\n', 'catalog/agents/new/a.test.ts': '1\n' },
      [`!agent_untested ${AGENT}`],
    ],
    ['fails when its test goes', { [AGENT]: '1\n', [AGENT_TEST]: null }, [`!agent_untested ${AGENT}`]],
    ['passes when the agent goes', { [AGENT]: null, [AGENT_TEST]: null }, []],
    ['passes for prose', { 'catalog/agents/tidy/README.md': 'Hello.\n' }, []],
    ['passes elsewhere', { 'catalog/lib/a.ts': 'export {}\n' }, []],
  ])('%s', async (_, files, said) => expect((await reasons(files)).said).toEqual(said))

  test('is looked for where the option says', async () => {
    await writeAll(repository, { 'bots/a.agent.ts': '1\n' })
    expect((await gate('--agents', 'bots/*.ts')).stdout).toContain('The code of bots/a changed (1 file)')
  })
})

test.each([
  ['an unknown commit', ['--base', 'nowhere'], 5, 'the repository has no commit nowhere'],
  ['an option in place of a commit', ['--base=--output=x'], 5, 'no commit --output=x'],
  ['no such folder', ['--base', 'main', '--folder', '/nowhere/at/all'], 5, 'there is no folder /nowhere/at/all'],
  ['no repository', ['--base', 'main', '--folder', tmpdir()], 2, 'is not in a git repository'],
])('%s', async (_, args, exit, message) => {
  const folder = args.includes('--folder') ? [] : ['--folder', join(repository, 'constitution')]
  const result = await cli('constitution', 'gate', ...args, ...folder)
  expect(result).toMatchObject({ exit, stdout: '' })
  expect(result.stderr).toContain(message)
})
