import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeDigestOf } from '../code-digest.ts'
import { createTestProject, type TestProject } from '../testing/project.ts'
import { CODE_BYTES_MAX, readPack } from './pack.ts'
import { type CodeStore, openCodeStore } from './store.ts'

const ENTRY = 'skills/a.skill.ts'
let project: TestProject
let folder: string
let store: CodeStore
let digest: string

beforeEach(async () => {
  project = await createTestProject({
    [ENTRY]: "import '../lib/b.ts'\n// import './none.ts'\n",
    'lib/b.ts': 'export {}\n',
  })
  folder = join(project.dataDir, 'code')
  store = await openCodeStore(folder, project.root)
  digest = (await codeDigestOf(join(project.root, 'catalog'), ENTRY)) ?? ''
  await store.keep(ENTRY, digest)
})
afterEach(() => project.remove())

/** Has another process keep these, and kills it when it has said so many. Answers what it said. */
async function keepUntilKilled(names: readonly string[], lines: number): Promise<string[]> {
  const module = (path: string): string => JSON.stringify(join(import.meta.dirname, path))
  const program = `
    const { openCodeStore } = await import(${module('store.ts')})
    const { codeDigestOf } = await import(${module('../code-digest.ts')})
    const store = await openCodeStore(${JSON.stringify(folder)}, ${JSON.stringify(project.root)})
    for (const name of ${JSON.stringify(names)}) {
      const digest = await codeDigestOf(${JSON.stringify(join(project.root, 'catalog'))}, name)
      await store.keep(name, digest)
      console.log(digest)
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (said.split('\n').length > lines) child.kill('SIGKILL')
  })
  await once(child, 'close')
  expect(child.signalCode).toBe('SIGKILL')
  return said.split('\n').filter((line) => line.length === 64)
}

const fileOf = (name: string): string => join(folder, `${name}.json`)
const pathsOf = (text: string | undefined): string[] => Object.keys(readPack(text ?? '', digest) ?? {}).sort()

describe('a store of code', () => {
  it('keeps all modules of an entry point, also when the catalogue has changed and for who opens it later', async () => {
    const paths = ['lib/b.ts', 'skills/a.skill.ts', 'skills/none.ts']
    expect(pathsOf(await store.read(digest))).toEqual(paths)
    await project.add(ENTRY, 'export default 2\n')
    await store.keep(ENTRY, digest)
    const later = await openCodeStore(folder, project.root)
    expect(pathsOf(await later.read(digest))).toEqual(paths)
  })

  it('keeps nothing under the digest of something else', async () => {
    await project.add(ENTRY, 'export default 2\n')
    const other = '0'.repeat(64)
    await expect(store.keep(ENTRY, other)).rejects.toMatchObject({ code: 'code_not_kept' })
    expect(await store.read(other)).toBeUndefined()
  })

  it('keeps nothing that is too large', async () => {
    await project.add(ENTRY, `/*${'x'.repeat(CODE_BYTES_MAX)}*/\n`)
    const large = (await codeDigestOf(join(project.root, 'catalog'), ENTRY)) ?? ''
    await expect(store.keep(ENTRY, large)).rejects.toMatchObject({ code: 'code_not_kept' })
  })

  it.each([
    ['changed', (text: string) => text.replace('"lib/b.ts":"ZX', '"lib/b.ts":"ZY')],
    ['cut off', (text: string) => text.slice(0, -20)],
    ['given another module', (text: string) => text.replace('{', '{"lib/c.ts":"",')],
    ['led elsewhere', (text: string) => text.replace('lib/b.ts', '../b.ts')],
    ['emptied', () => ''],
  ])('answers nothing that was %s, and keeps it anew', async (_how, change) => {
    const text = await readFile(fileOf(digest), 'utf8')
    expect(change(text)).not.toBe(text)
    await writeFile(fileOf(digest), change(text))
    expect(await store.read(digest)).toBeUndefined()
    await store.keep(ENTRY, digest)
    expect(await readFile(fileOf(digest), 'utf8')).toBe(text)
  })

  it('takes no half of one that was being kept when the server was killed', async () => {
    const text = await readFile(fileOf(digest), 'utf8')
    const other = 'f'.repeat(64)
    await writeFile(`${fileOf(other)}.4711.new`, text.slice(0, 40))
    const later = await openCodeStore(folder, project.root)
    expect(await readdir(folder)).toEqual([`${digest}.json`])
    expect(await later.read(other)).toBeUndefined()
  })

  it('has all that it said it keeps, and nothing else, whenever the server is killed', async () => {
    const names = Array.from({ length: 300 }, (_, number) => `skills/${number}.skill.ts`)
    for (const name of names) await project.add(name, `export default '${name}'\n`)
    for (const lines of [1, 4, 20, 60]) {
      const said = await keepUntilKilled(names, lines)
      expect(said.length).toBeGreaterThanOrEqual(lines)
      const later = await openCodeStore(folder, project.root)
      for (const one of said) expect(await later.read(one)).toBeDefined()
      for (const name of await readdir(folder)) expect(await later.read(name.replace('.json', ''))).toBeDefined()
      await later.sweep((one) => one === digest)
    }
  })

  it('removes what nobody needs, and nothing else', async () => {
    await project.add('skills/b.skill.ts', 'export default 1\n')
    const other = (await codeDigestOf(join(project.root, 'catalog'), 'skills/b.skill.ts')) ?? ''
    await store.keep('skills/b.skill.ts', other)
    expect(await store.sweep((one) => one === other)).toEqual([digest])
    expect(await readdir(folder)).toEqual([`${other}.json`])
    expect(await store.sweep(() => true)).toEqual([])
  })
})
