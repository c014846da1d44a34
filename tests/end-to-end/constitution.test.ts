import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ActivatedVersion, BacktestResult, ConstitutionView } from '@azora/contracts'
import { beforeAll, describe, expect, it } from 'vitest'
import { lastJson, ROOT } from '../support/cli.ts'
import { forbidSkill } from '../support/law.ts'
import { upForTests } from '../support/up.ts'

const { folder, dataDir, cli } = upForTests('constitution')
const draft = join(folder, 'draft')

beforeAll(async () => {
  cpSync(join(ROOT, 'constitution'), draft, { recursive: true })
  writeFileSync(join(draft, 'articles', '99-no.cedar'), forbidSkill('workspace.write-file', 'CRITICAL', 99))
})

const constitution = (...args: string[]) => cli.run('constitution', ...args, '--json')
const show = async (): Promise<ConstitutionView> => lastJson(await constitution('show'))
const write = () =>
  cli.run('skill', 'invoke', 'workspace.write-file', '-i', 'path=a.txt', '-i', 'content=hello', '--json')

describe('the law of an installation', () => {
  it('is in force after the first start, signed with a key that only its owner can read', async () => {
    const view = await show()
    expect(view.problem).toBeUndefined()
    expect(view).toMatchObject({ sequence: 1, by: 'system:constitution' })
    expect(view.key).toBe(readFileSync(join(dataDir, 'keys', 'owner.vkey'), 'utf8').trim())
    expect(statSync(join(dataDir, 'keys', 'owner.key')).mode & 0o777).toBe(0o600)
    expect((await write()).code).toBe(0)
  })

  it('is tried on what is on record, then replaced by a signed draft, and brought back', async () => {
    const before = await show()
    const tried = lastJson<BacktestResult>(await constitution('backtest', draft, '--since', '1h'))
    expect(tried.changes).toEqual([{ from: 'allow', to: 'deny', count: 1 }])
    expect(tried.examples).toMatchObject([
      { skill: 'workspace.write-file', after: [{ rule: 'no_workspace_write_file' }] },
    ])

    expect((await constitution('activate', draft)).code).toBe(2)
    const activated = lastJson<ActivatedVersion>(await constitution('activate', draft, '-y', '--without-cases'))
    expect(activated).toMatchObject({ sequence: 2, previous: before.digest, by: 'user:owner', withoutCases: true })
    expect((await write()).code).toBe(1)
    expect((await show()).folderDiffers).toContain('azora constitution activate')

    const back = ['activate', join(ROOT, 'constitution'), '-y']
    expect((await constitution(...back)).stderr).toContain('rollback_not_stated')
    expect((await constitution(...back, '--rollback')).code).toBe(0)
    expect((await write()).code).toBe(0)
  })
})
