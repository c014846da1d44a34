import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FILE_CHANGES_MAX } from '@azora/contracts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lookAt } from './changes.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azora-changes-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const write = (name: string, text: string) => writeFile(join(folder, name), text)
const look = () => lookAt([{ folder, shownAs: '/workspace' }])
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

it('names what was added, modified and removed, with digests, in order', async () => {
  await mkdir(join(folder, 'deep'))
  for (const name of ['kept', 'edited', 'gone', 'deep/moved']) await write(name, name)
  const before = await look()
  await write('edited', 'anew')
  await rm(join(folder, 'gone'))
  await rename(join(folder, 'deep/moved'), join(folder, 'deep/elsewhere'))
  await write('new', 'text')
  expect(await before.changes()).toEqual({
    items: [
      { path: '/workspace/deep/elsewhere', change: 'added', digest: digestOf('deep/moved'), bytes: 10 },
      { path: '/workspace/deep/moved', change: 'removed' },
      { path: '/workspace/edited', change: 'modified', digest: digestOf('anew'), bytes: 4 },
      { path: '/workspace/gone', change: 'removed' },
      { path: '/workspace/new', change: 'added', digest: digestOf('text'), bytes: 4 },
    ],
    total: 5,
  })
})

it('sees a change that leaves size and text times alone', async () => {
  await write('program', 'echo')
  const before = await look()
  await chmod(join(folder, 'program'), 0o755)
  expect((await before.changes()).items).toMatchObject([{ path: '/workspace/program', change: 'modified' }])
})

it('follows no link, and hashes none', async () => {
  const before = await look()
  await symlink('/etc', join(folder, 'etc'))
  await symlink('/etc/passwd', join(folder, 'passwd'))
  expect(await before.changes()).toEqual({
    items: [
      { path: '/workspace/etc', change: 'added' },
      { path: '/workspace/passwd', change: 'added' },
    ],
    total: 2,
  })
})

it('lists the first of many, and says how many there are', async () => {
  const before = await look()
  await Promise.all(Array.from({ length: FILE_CHANGES_MAX + 5 }, (_, at) => write(`file-${at}`, '')))
  const { items, total } = await before.changes()
  expect([items.length, total]).toEqual([FILE_CHANGES_MAX, FILE_CHANGES_MAX + 5])
})

it('takes a single file, and a folder that is not there yet', async () => {
  const file = join(folder, 'one')
  await writeFile(file, 'a')
  const before = await lookAt([
    { folder: file, shownAs: '/srv/one' },
    { folder: join(folder, 'later'), shownAs: '/workspace' },
  ])
  await writeFile(file, 'b')
  await mkdir(join(folder, 'later'))
  await write('later/x', '')
  expect((await before.changes()).items.map(({ path, change }) => [path, change])).toEqual([
    ['/srv/one', 'modified'],
    ['/workspace/x', 'added'],
  ])
})
