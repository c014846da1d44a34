import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { commitFiles, makeFolder, makeRepository, perform, userGit, writeFiles } from '../testing/workspace.ts'
import clone from './git.clone.skill.ts'

test('clones a working tree at its head', async () => {
  const repository = makeRepository({ 'a.txt': 'hello', 'b/c.txt': 'x' })
  const workspace = makeFolder()
  const result = await perform(clone, workspace, { repository })
  expect(result).toEqual({
    directory: 'repo',
    head: userGit(repository, 'rev-parse', 'HEAD'),
    branch: 'main',
    bare: false,
    empty: false,
    files: 2,
    bytes: 6,
  })
  expect(readFileSync(path.join(workspace, 'repo/a.txt'), 'utf8')).toBe('hello')
})

test('shares no file with the repository, so that writing the clone never writes it', async () => {
  const repository = makeRepository({ 'a.txt': 'hello' })
  const object = userGit(repository, 'rev-parse', 'HEAD:a.txt')
  await perform(clone, makeFolder(), { repository })
  expect(statSync(path.join(repository, '.git/objects', object.slice(0, 2), object.slice(2))).nlink).toBe(1)
})

test('clones a bare repository, also by file URL and with odd characters in its path', async () => {
  const folder = path.join(makeFolder(), 'a b#c?d%20é.git')
  userGit(makeRepository({ 'a.txt': 'a' }), 'clone', '--quiet', '--bare', '.', folder)
  expect(await perform(clone, makeFolder(), { repository: folder })).toMatchObject({
    bare: true,
    files: 1,
    branch: 'main',
  })
  const plain = path.join(makeFolder(), 'plain.git')
  userGit(folder, 'clone', '--quiet', '--bare', '.', plain)
  expect(await perform(clone, makeFolder(), { repository: `file://${plain}` })).toMatchObject({ bare: true, files: 1 })
})

test('clones an empty repository', async () => {
  const result = await perform(clone, makeFolder(), { repository: makeRepository({}) })
  expect(result).toMatchObject({ head: null, branch: 'main', empty: true, files: 0, bytes: 0 })
})

test('clones a detached head, and a head whose branch is missing', async () => {
  const detached = makeRepository({ 'a.txt': 'a' })
  userGit(detached, 'checkout', '--quiet', '--detach')
  expect(await perform(clone, makeFolder(), { repository: detached })).toMatchObject({ branch: null, files: 1 })
  const dangling = makeRepository({ 'a.txt': 'a' })
  userGit(dangling, 'symbolic-ref', 'HEAD', 'refs/heads/gone')
  expect(await perform(clone, makeFolder(), { repository: dangling })).toMatchObject({ branch: 'main', empty: false })
})

test('clones a shallow repository and a worktree', async () => {
  const repository = makeRepository({ 'a.txt': 'a' })
  commitFiles(repository, { 'b.txt': 'b' }, 'second')
  const shallow = path.join(makeFolder(), 'shallow')
  userGit(repository, 'clone', '--quiet', '--depth=1', `file://${repository}`, shallow)
  expect(await perform(clone, makeFolder(), { repository: shallow })).toMatchObject({ files: 2 })
  const worktree = path.join(makeFolder(), 'tree')
  userGit(repository, 'worktree', 'add', '--quiet', '-b', 'side', worktree)
  expect(await perform(clone, makeFolder(), { repository: worktree })).toMatchObject({ branch: 'side', files: 2 })
})

test('takes no more history than asked for', async () => {
  const repository = makeRepository({ 'a.txt': '0' })
  for (const content of ['1', '2', '3']) commitFiles(repository, { 'a.txt': content }, content)
  const workspace = makeFolder()
  await perform(clone, workspace, { repository, depth: 2 })
  expect(userGit(path.join(workspace, 'repo'), 'rev-list', '--count', 'HEAD')).toBe('2')
})

test('replaces what an interrupted clone left', async () => {
  const workspace = makeFolder()
  writeFiles(workspace, { 'repo/.git/HEAD': 'half', 'repo/rest': 'x' })
  const repository = makeRepository({ 'a.txt': 'a' })
  const first = await perform(clone, workspace, { repository })
  expect(await perform(clone, workspace, { repository })).toEqual(first)
  expect(existsSync(path.join(workspace, 'repo/rest'))).toBe(false)
})

test('runs no program that the repository brings along', async () => {
  const repository = makeRepository({ 'a.txt': 'a', '.gitattributes': '* filter=evil\n' })
  const proof = path.join(makeFolder(), 'ran')
  for (const hook of ['post-checkout', 'post-upload-pack']) {
    writeFileSync(path.join(repository, '.git/hooks', hook), `#!/bin/sh\ntouch ${proof}\n`)
    chmodSync(path.join(repository, '.git/hooks', hook), 0o755)
  }
  userGit(repository, 'config', 'core.fsmonitor', `touch ${proof}; false`)
  userGit(repository, 'config', 'filter.evil.smudge', `touch ${proof}; cat`)
  userGit(repository, 'config', 'uploadpack.packObjectsHook', `touch ${proof}; exec`)
  await perform(clone, makeFolder(), { repository })
  expect(existsSync(proof)).toBe(false)
})

test.each([
  ['a folder without git', () => makeFolder()],
  ['a path that does not exist', () => '/nonexistent/repository'],
  ['a folder below a repository', () => path.join(makeRepository({ 'sub/a.txt': 'a' }), 'sub')],
  ['a file', () => path.join(makeRepository({ 'a.txt': 'a' }), 'a.txt')],
])('says that %s is no repository', async (_, place) => {
  await expect(perform(clone, makeFolder(), { repository: place() })).rejects.toMatchObject({
    code: 'not_a_repository',
  })
})

test('explains a worktree whose git directory is out of sight', async () => {
  const folder = makeFolder()
  writeFiles(folder, { '.git': 'gitdir: /nonexistent/.git/worktrees/x\n' })
  await expect(perform(clone, makeFolder(), { repository: folder })).rejects.toThrow(
    /worktree.*name the main repository/,
  )
})

test.each([
  'relative/path',
  'ssh://host/x',
  'ext::sh -c id',
  '--upload-pack=id',
  ['https://user:token', 'example.org/x'].join('@'),
])('refuses %s as a repository', async (repository) => {
  await expect(perform(clone, makeFolder(), { repository })).rejects.toThrow(/repository/)
})

test.each(['.', '..', '../x', 'a/../..', '/tmp'])('refuses to clone into %s', async (directory) => {
  const repository = makeRepository({ 'a.txt': 'a' })
  await expect(perform(clone, makeFolder(), { repository, directory })).rejects.toThrow(/workspace/)
})
