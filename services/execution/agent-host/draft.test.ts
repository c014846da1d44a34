import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keepDraft } from './draft.ts'

let project: string

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'azora-draft-test-'))
})
afterEach(() => rm(project, { recursive: true }))

const file = (path: string) => ({ path, text: `// ${path}` })

it('lies on disk as it was sent, until it is removed', async () => {
  const draft = await keepDraft({ entrypoint: 'a/b.ts', files: [file('a/b.ts'), file('c.json')] }, project)
  expect(await readFile(join(draft.folder, 'a/b.ts'), 'utf8')).toBe('// a/b.ts')
  expect((await readdir(draft.folder)).sort()).toEqual(['a', 'c.json', 'node_modules'])
  await draft.remove()
  await expect(readdir(draft.folder)).rejects.toMatchObject({ code: 'ENOENT' })
})

it('never writes among the packages, and leaves nothing when it can not be kept', async () => {
  const before = (await readdir(tmpdir())).filter((name) => name.startsWith('azora-draft-')).length
  // The contract refuses such a path; this is the second wall.
  const draft = { entrypoint: 'a.ts', files: [file('a.ts'), file('node_modules/planted.ts')] }
  await expect(keepDraft(draft, project)).rejects.toMatchObject({ code: 'EEXIST' })
  expect(await readdir(project)).toEqual([])
  const after = (await readdir(tmpdir())).filter((name) => name.startsWith('azora-draft-')).length
  expect(after).toBeLessThanOrEqual(before)
})
