import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RUN_ID } from './testing/turns.ts'
import { createWorkshop, steward } from './testing/workshop.ts'

const BRANCH = `azora/${RUN_ID}`
const PASSING = {
  'package.json': '{"scripts":{"test":"node --test"},"license":"MIT"}',
  'a.test.js': 'require("node:test")("a", () => {})\n',
}

describe('repo-steward with its real skills, on a real repository', () => {
  let shop: ReturnType<typeof createWorkshop>
  beforeEach(() => {
    shop = createWorkshop()
  })
  afterEach(() => shop.remove())

  it('runs the tests and adds one commit on a branch of its own', async () => {
    const repository = shop.repository({ ...PASSING, 'b.js': '// TODO: finish\n' })
    const before = shop.git(repository, 'rev-parse', 'trunk')
    const { goal, outputs } = await steward(shop.workspace, repository)
    expect({ goal, tests: outputs.tests }).toMatchObject({ goal: 'reached', tests: { state: 'passed' } })
    expect(outputs.marks).toMatchObject({ total: 1 })
    expect(shop.git(repository, 'rev-parse', BRANCH)).toBe(outputs.commit)
    expect(shop.git(repository, 'rev-list', '--count', `trunk..${BRANCH}`)).toBe('1')
    expect(shop.git(repository, 'show', `${BRANCH}:AZORA_REPORT.md`)).toBe(String(outputs.report).trim())
    expect(shop.git(repository, 'rev-parse', 'trunk')).toBe(before)
    expect(shop.git(repository, 'status', '--porcelain')).toBe('')
    expect(existsSync(join(repository, 'AZORA_REPORT.md'))).toBe(false)
  })

  it('reports failing tests as such', async () => {
    const failing = {
      ...PASSING,
      'a.test.js': 'require("node:test")("a", () => { throw new Error("broken arithmetic") })\n',
    }
    const { goal, outputs } = await steward(shop.workspace, shop.repository(failing))
    expect({ goal, tests: outputs.tests }).toMatchObject({ goal: 'reached', tests: { state: 'failed' } })
    expect(outputs.report).toContain('broken arithmetic')
  })

  it('reports on a bare repository without tests', async () => {
    const bare = join(shop.root, 'bare.git')
    shop.git(shop.root, 'clone', '--quiet', '--bare', shop.repository({ 'main.py': 'print(1)\n' }), bare)
    const { goal, outputs } = await steward(shop.workspace, bare)
    expect({ goal, tests: outputs.tests }).toEqual({ goal: 'reached', tests: { state: 'none' } })
    expect(outputs.report).toMatch(/# Report on bare\n[\s\S]*\(bare\)[\s\S]*Python 100 %/)
    expect(shop.git(bare, 'rev-parse', BRANCH)).toBe(outputs.commit)
  })

  it('makes the first commit of an empty repository', async () => {
    const repository = shop.repository({})
    const { goal, outputs } = await steward(shop.workspace, repository)
    expect(goal).toBe('reached')
    expect(shop.git(repository, 'rev-list', '--count', BRANCH)).toBe('1')
    expect(outputs.report).toContain('no commits yet')
  })

  it('says what is wrong with a folder that is no repository', async () => {
    const folder = join(shop.root, 'plain')
    mkdirSync(folder)
    const { goal, summary } = await steward(shop.workspace, folder)
    expect(goal).toBe('missed')
    expect(summary).toMatch(/plain could not be cloned: .*repository/)
  })
})
