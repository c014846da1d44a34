import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { commitFiles, makeFolder, makeRepository, perform, userGit } from '../testing/workspace.ts'
import rewrite from './git.rewrite-branch.skill.ts'

function twoCommits() {
  const repository = makeRepository({ 'a.txt': 'a' })
  const first = userGit(repository, 'rev-parse', 'HEAD')
  const second = commitFiles(repository, { 'b.txt': 'b' }, 'second')
  return { repository, first, second }
}

test('moves a checked-out branch back, with its clean working tree', async () => {
  const { repository, first, second } = twoCommits()
  const result = await perform(rewrite, makeFolder(), { repository, branch: 'main', commit: first })
  expect(result).toEqual({ branch: 'main', commit: first, previous: second })
  expect(userGit(repository, 'rev-parse', 'main')).toBe(first)
  expect(existsSync(path.join(repository, 'b.txt'))).toBe(false)
})

test('moves a branch of a bare repository, and creates one', async () => {
  const { repository, first, second } = twoCommits()
  const bare = path.join(makeFolder(), 'bare.git')
  userGit(repository, 'clone', '--quiet', '--bare', '.', bare)
  await perform(rewrite, makeFolder(), { repository: bare, branch: 'main', commit: first })
  const created = await perform(rewrite, makeFolder(), { repository: bare, branch: 'new', commit: second })
  expect(created.previous).toBeNull()
  expect(userGit(bare, 'for-each-ref', '--format=%(refname:short) %(objectname)').split('\n')).toEqual([
    `main ${first}`,
    `new ${second}`,
  ])
})

test('does not overwrite edited files of a working tree', async () => {
  const { repository, first, second } = twoCommits()
  writeFileSync(path.join(repository, 'b.txt'), 'edited')
  await expect(perform(rewrite, makeFolder(), { repository, branch: 'main', commit: first })).rejects.toMatchObject({
    code: 'push_failed',
  })
  expect(userGit(repository, 'rev-parse', 'main')).toBe(second)
})

test('refuses a commit that the repository does not have', async () => {
  const { repository } = twoCommits()
  const commit = '0123456789012345678901234567890123456789'
  await expect(perform(rewrite, makeFolder(), { repository, branch: 'main', commit })).rejects.toMatchObject({
    code: 'commit_missing',
  })
})

test('declares that it destroys', () => {
  expect(rewrite).toMatchObject({ effects: ['destructive'], idempotent: false })
})
