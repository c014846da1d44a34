import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { probe } from '../../launch/probe.ts'
import { targetOf } from './target.ts'

let dir: string
const git = async (...args: string[]): Promise<void> => {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'init.defaultBranch=main']
  expect(await probe('git', [...identity, ...args])).toMatchObject({ ok: true })
}

beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'azora-target-')))
  await git('init', '--quiet', join(dir, 'app'))
  await mkdir(join(dir, 'app', 'src'))
  await writeFile(join(dir, 'app', 'src', 'a.txt'), 'a')
  await git('-C', join(dir, 'app'), 'add', '.')
  await git('-C', join(dir, 'app'), 'commit', '--quiet', '-m', 'first')
  await git('-C', join(dir, 'app'), 'worktree', 'add', '--quiet', join(dir, 'tree'))
  await git('clone', '--quiet', '--bare', join(dir, 'app'), join(dir, 'bare.git'))
  await symlink(join(dir, 'app'), join(dir, 'link'))
  await mkdir(join(dir, 'plain'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const scopeFor = (path: string) => ({ read: [path], write: [path], hosts: [] })

test.each([
  ['a checkout', 'app', 'app'],
  ['a folder inside a checkout', 'app/src', 'app'],
  ['a link to a checkout', 'link', 'app'],
  ['a bare repository', 'bare.git', 'bare.git'],
  ['the git directory of a checkout', 'app/.git', 'app'],
  ['a linked worktree, whose repository is elsewhere', 'tree', 'app'],
  ['a folder that is no repository', 'plain', 'plain'],
])('%s', async (_, given, expected) => {
  const repository = join(dir, expected)
  expect(await targetOf(join(dir, given))).toEqual({ repository, input: { repository }, scope: scopeFor(repository) })
})

test('installed dependencies may be read', async () => {
  const dependencies = join(dir, 'plain', 'node_modules')
  await mkdir(dependencies)
  const target = await targetOf(join(dir, 'plain'))
  expect(target.input).toEqual({ repository: join(dir, 'plain'), dependencies })
  expect(target.scope.read).toContain(dependencies)
})

test('a URL opens its host alone', async () => {
  const repository = 'https://GitHub.com:8443/a/b.git'
  expect(await targetOf(repository)).toMatchObject({
    input: { repository },
    scope: { read: [], write: [], hosts: ['github.com:8443'] },
  })
})

test('a file URL is its path', async () => {
  expect((await targetOf(`file://${join(dir, 'app')}`)).repository).toBe(join(dir, 'app'))
})

test.each(['git@github.com:a/b.git', 'ssh://git@github.com/a/b', 'https://', '/nowhere/at/all'])(
  '%s is refused',
  async (given) => {
    await expect(targetOf(given)).rejects.toMatchObject({ exit: 2 })
  },
)
