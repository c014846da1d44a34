import { mkdir, mkdtemp, readlink, realpath, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { holdResources } from './resources.ts'

let folder: string
let dataDir: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'azora-resources-')))
  dataDir = join(folder, 'data')
  for (const name of ['data/keys', 'data-of-others', 'granted/inner', 'secret']) {
    await mkdir(join(folder, name), { recursive: true })
  }
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function flawIn(read: string[], write: string[] = []): Promise<string | undefined> {
  const held = await holdResources({ read, write, hosts: [] }, dataDir)
  if ('flaw' in held) return held.flaw.code
  await held.release()
  return undefined
}

describe('holdResources', () => {
  it('holds what it checked, whatever the path leads to afterwards', async () => {
    const path = join(folder, 'granted/inner')
    const held = await holdResources({ read: [], write: [path], hosts: [] }, dataDir)
    if ('flaw' in held) return expect.unreachable(held.flaw.message)
    await rename(path, join(folder, 'granted/moved'))
    await symlink(join(folder, 'secret'), path)
    const [grant] = held.write
    expect(grant?.path).toBe(path)
    expect(await readlink(`/proc/self/fd/${grant?.fd}`)).toBe(join(folder, 'granted/moved'))
    await held.release()
  })

  it('finds none in folders that exist, also next to the data directory', async () => {
    expect(await flawIn([join(folder, 'granted')], [join(folder, 'data-of-others')])).toBeUndefined()
  })

  it('finds what does not exist, to read or to write', async () => {
    expect(await flawIn([join(folder, 'nothing')])).toBe('resource_missing')
    expect(await flawIn([], [join(folder, 'nothing')])).toBe('resource_missing')
  })

  it('finds a link that leads out, at the end of a path and within it', async () => {
    await symlink(join(folder, 'secret'), join(folder, 'granted/link'))
    await mkdir(join(folder, 'secret/deep'))
    expect(await flawIn([join(folder, 'granted/link')])).toBe('resource_outside')
    expect(await flawIn([join(folder, 'granted/link/deep')])).toBe('resource_outside')
  })

  it('lets a link lead to what is permitted too', async () => {
    await symlink(join(folder, 'granted/inner'), join(folder, 'link'))
    expect(await flawIn([join(folder, 'link'), join(folder, 'granted')])).toBeUndefined()
  })

  it('finds a link that leads nowhere', async () => {
    await symlink(join(folder, 'nothing'), join(folder, 'granted/dangling'))
    expect(await flawIn([join(folder, 'granted/dangling')])).toBe('resource_missing')
  })

  it.each(['data', 'data/keys', '', '..', '../..'])('protects the data directory from %j beside it', async (path) => {
    expect(await flawIn([join(folder, path)])).toBe('resource_protected')
    expect(await flawIn([], [join(folder, path)])).toBe('resource_protected')
  })

  it('does not mind a slash at the end', async () => {
    expect(await flawIn([`${join(folder, 'granted')}/`])).toBeUndefined()
  })

  it('protects the data directory behind a link', async () => {
    await symlink(dataDir, join(folder, 'granted/link'))
    expect(await flawIn([join(folder, 'granted/link'), join(folder, 'granted')])).toBe('resource_outside')
    expect(await flawIn([join(folder, 'granted/link'), dataDir])).toBe('resource_protected')
  })
})
