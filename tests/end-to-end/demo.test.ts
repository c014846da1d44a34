import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCli, lastJson, serverPid } from '../support/cli.ts'
import * as repositories from '../support/repositories.ts'
import { tempDir } from '../support/temp-dir.ts'

interface DemoResult {
  runId: string
  state: string
  actions: Array<{ skill: string; effects: string[]; verdict: string; state: string }>
  denied: number
  branch: string
  evidence: { verified: boolean }
  elapsedMs: number
}

const folder = tempDir('demo')
const dataDir = join(folder.path, 'data')
const cli = createCli(dataDir)
const demo = (repository: string) => cli.run('demo', '--repo', repository, '--once', '--json')
const reportOf = (repository: string, branch: string): string =>
  repositories.git(repository, 'show', `${branch}:AZORA_REPORT.md`)

/** What every governed run must show, whatever the repository is like. */
function expectGoverned(result: DemoResult, repository: string): void {
  expect(result.state).toBe('success')
  expect(result.denied).toBeGreaterThanOrEqual(1)
  expect(result.evidence.verified).toBe(true)
  expect(result.branch).toBe(`azora/${result.runId}`)
  expect(repositories.branches(repository)).toContain(result.branch)
  expect(repositories.commitsOn(repository, result.branch)).toBe(1)
  for (const { effects, verdict } of result.actions) {
    if (effects.includes('destructive')) expect(verdict).toBe('deny')
  }
}

beforeAll(() => mkdirSync(join(folder.path, 'repos')))
afterAll(() => folder.remove())

describe('azora demo --once --json without a server', () => {
  it('starts one, and stops it afterwards', async () => {
    const repository = repositories.typescript(join(folder.path, 'repos', 'alone'))
    const finished = await demo(repository)
    expectGoverned(lastJson<DemoResult>(finished), repository)
    expect(finished.code).toBe(0)
    expect(serverPid(dataDir)).toBeUndefined()
  })

  it('says so when there is no such path', async () => {
    const finished = await demo(join(folder.path, 'repos', 'nowhere'))
    expect(finished.code).toBe(2)
    expect(finished.stderr).toContain('nowhere')
  })
})

describe('azora demo --once --json with a server', () => {
  beforeAll(async () => {
    await cli.up()
  })
  afterAll(() => cli.stop())

  it.each([
    ['JavaScript', repositories.javascript, 'passed'],
    ['Python', repositories.python, 'passed'],
    ['no tests', repositories.withoutTests, 'none'],
    ['failing tests', repositories.withFailingTests, 'failed'],
    ['bare', repositories.bare, 'passed'],
  ] as const)('governs a run on a repository: %s', async (name, make, tests) => {
    const repository = make(join(folder.path, 'repos', name.replace(' ', '-').toLowerCase()))
    const before = repositories.git(repository, 'rev-parse', 'HEAD')
    const finished = await demo(repository)
    const result = lastJson<DemoResult>(finished)
    expectGoverned(result, repository)
    expect(finished.code).toBe(0)
    expect(repositories.git(repository, 'rev-parse', 'HEAD')).toBe(before)
    const ran = result.actions.find(({ skill }) => skill === 'tests.run')
    if (tests === 'none') expect(ran).toBeUndefined()
    else {
      expect(ran?.state).toBe('succeeded')
      expect(reportOf(repository, result.branch)).toMatch(new RegExp(`\\*\\*Tests\\*\\* \\|.* ${tests}`))
    }
  })

  it('governs a run on an empty repository', async () => {
    const repository = repositories.empty(join(folder.path, 'repos', 'empty'))
    expectGoverned(lastJson<DemoResult>(await demo(repository)), repository)
  })

  it('works a second time on the same repository', async () => {
    const repository = repositories.javascript(join(folder.path, 'repos', 'twice'))
    const first = lastJson<DemoResult>(await demo(repository))
    const second = lastJson<DemoResult>(await demo(repository))
    expectGoverned(second, repository)
    expect(new Set(repositories.branches(repository))).toEqual(new Set([first.branch, second.branch]))
  })

  it('says so when the path is no repository', async () => {
    const path = join(folder.path, 'repos', 'plain-folder')
    mkdirSync(path)
    const finished = await demo(path)
    expect(finished.code).toBe(1)
    expect(lastJson<DemoResult>(finished).state).toBe('fail')
    expect(`${finished.stdout}${finished.stderr}`).toMatch(/is no git repository/)
  })
})
