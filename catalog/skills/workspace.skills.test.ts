import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFolder, perform, writeFiles } from '../testing/workspace.ts'
import list from './workspace.list.skill.ts'
import read from './workspace.read-file.skill.ts'
import write from './workspace.write-file.skill.ts'

/** A workspace with links that lead out of it. */
function makeTrap(): { workspace: string; outside: string } {
  const outside = makeFolder()
  const workspace = makeFolder()
  writeFiles(outside, { 'secret.txt': 'secret' })
  symlinkSync(path.join(outside, 'secret.txt'), path.join(workspace, 'file-link'))
  symlinkSync(outside, path.join(workspace, 'folder-link'))
  symlinkSync(path.join(outside, 'new.txt'), path.join(workspace, 'dangling-link'))
  return { workspace, outside }
}

const ESCAPES = ['../x', 'a/../../x', '..', '/etc/passwd', 'file-link', 'folder-link/secret.txt', 'dangling-link']

describe('a path that leads out of the workspace', () => {
  test.each(ESCAPES)('is not read: %s', async (name) => {
    await expect(perform(read, makeTrap().workspace, { path: name })).rejects.toThrow(/workspace/)
  })
  test.each([...ESCAPES, 'folder-link/new/deep.txt'])('is not written: %s', async (name) => {
    const { workspace, outside } = makeTrap()
    await expect(perform(write, workspace, { path: name, content: 'x' })).rejects.toThrow(/workspace/)
    expect(readdirSync(outside)).toEqual(['secret.txt'])
    expect(readFileSync(path.join(outside, 'secret.txt'), 'utf8')).toBe('secret')
  })
  test.each(['..', 'folder-link', '/'])('is not listed: %s', async (name) => {
    await expect(perform(list, makeTrap().workspace, { path: name })).rejects.toThrow(/workspace/)
  })
})

test('a link that stays inside is followed', async () => {
  const workspace = makeFolder()
  writeFiles(workspace, { 'a.txt': 'a' })
  symlinkSync('a.txt', path.join(workspace, 'link'))
  expect(await perform(read, workspace, { path: 'link' })).toMatchObject({ content: 'a' })
})

test('writes and reads text and binary content, making folders', async () => {
  const workspace = makeFolder()
  expect(await perform(write, workspace, { path: 'a/b/./c.txt', content: 'é' })).toEqual({
    path: 'a/b/c.txt',
    bytes: 2,
  })
  expect(await perform(read, workspace, { path: 'a/b/c.txt' })).toMatchObject({
    encoding: 'utf8',
    content: 'é',
    bytes: 2,
  })
  const content = Buffer.from([0, 1, 255]).toString('base64')
  await perform(write, workspace, { path: 'a/b/c.txt', content, encoding: 'base64' })
  expect(await perform(read, workspace, { path: 'a/b/c.txt' })).toMatchObject({ encoding: 'base64', content })
  expect(readdirSync(path.join(workspace, 'a/b'))).toEqual(['c.txt'])
})

test('replaces a link inside the workspace instead of writing through it', async () => {
  const workspace = makeFolder()
  writeFiles(workspace, { 'a.txt': 'a' })
  symlinkSync('a.txt', path.join(workspace, 'link'))
  await perform(write, workspace, { path: 'link', content: 'new' })
  expect(readFileSync(path.join(workspace, 'a.txt'), 'utf8')).toBe('a')
  expect(() => readlinkSync(path.join(workspace, 'link'))).toThrow()
})

test('reads no more than asked for and says so', async () => {
  const workspace = makeFolder()
  writeFiles(workspace, { 'a.txt': 'abcdef' })
  expect(await perform(read, workspace, { path: 'a.txt', maxBytes: 3 })).toMatchObject({
    content: 'abc',
    bytes: 6,
    truncated: true,
  })
})

test('says what is missing or no file', async () => {
  const workspace = makeFolder()
  mkdirSync(path.join(workspace, 'folder'))
  await expect(perform(read, workspace, { path: 'gone' })).rejects.toMatchObject({ code: 'file_not_found' })
  await expect(perform(read, workspace, { path: 'folder' })).rejects.toMatchObject({ code: 'not_a_file' })
  await expect(perform(write, workspace, { path: 'folder', content: '' })).rejects.toMatchObject({ code: 'not_a_file' })
  await expect(perform(list, workspace, { path: 'gone' })).rejects.toMatchObject({ code: 'not_a_directory' })
})

test('lists a folder, all below it, and at most as much as asked for', async () => {
  const { workspace } = makeTrap()
  writeFiles(workspace, { 'a.txt': 'abc', 'b/c.txt': '' })
  const flat = await perform(list, workspace, {})
  expect(flat.entries.map(({ path: name, kind }) => `${name} ${kind}`)).toEqual([
    'a.txt file',
    'b directory',
    'dangling-link link',
    'file-link link',
    'folder-link link',
  ])
  const deep = await perform(list, workspace, { recursive: true })
  expect(deep.entries.map((entry) => entry.path)).toContain('b/c.txt')
  expect(deep.entries.map((entry) => entry.path)).not.toContain('folder-link/secret.txt')
  expect(await perform(list, workspace, { recursive: true, limit: 2 })).toMatchObject({ truncated: true })
})
