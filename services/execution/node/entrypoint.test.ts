import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf, sha256Hex } from '@azora/proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestProject, type TestProject } from '../testing/project.ts'
import { findEntrypoint } from './entrypoint.ts'

const TEXT = 'export default 1\n'
const digestFor = (text: string): string => digestOf({ 'skills/some.skill.ts': sha256Hex(text) })
const DIGEST = digestFor(TEXT)
let project: TestProject
let catalog: string

beforeAll(async () => {
  project = await createTestProject({ 'skills/some.skill.ts': TEXT })
  catalog = join(project.root, 'catalog')
  await writeFile(join(project.root, 'outside.ts'), TEXT)
  await symlink(join(project.root, 'outside.ts'), join(catalog, 'link.ts'))
})
afterAll(() => project.remove())

describe('findEntrypoint', () => {
  it('finds the code that was judged', async () => {
    const path = join(catalog, 'skills/some.skill.ts')
    expect(await findEntrypoint(catalog, 'skills/some.skill.ts', DIGEST)).toEqual({ path })
  })

  it('refuses code that is not the code that was judged', async () => {
    const found = await findEntrypoint(catalog, 'skills/some.skill.ts', digestFor('export default 2\n'))
    expect(found).toMatchObject({ refusal: { code: 'code_mismatch' } })
  })

  it.each(['../outside.ts', 'skills/../../outside.ts', 'link.ts', '/etc/passwd', 'missing.ts', '', '.', 'skills'])(
    'refuses %j, which is no file of the catalog',
    async (entrypoint) => {
      expect(await findEntrypoint(catalog, entrypoint, DIGEST)).toMatchObject({ refusal: { code: 'code_mismatch' } })
    },
  )
})
