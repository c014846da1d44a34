import { rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { digestOf, sha256Hex } from '@azora/proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestProject, type TestProject } from '../testing/project.ts'
import { createFindEntrypoint, type FindEntrypoint } from './entrypoint.ts'

const TEXT = 'export default 1\n'
const digestFor = (text: string): string => digestOf({ 'skills/some.skill.ts': sha256Hex(text) })
const DIGEST = digestFor(TEXT)
let project: TestProject
let catalog: string
let findEntrypoint: FindEntrypoint

beforeAll(async () => {
  project = await createTestProject({ 'skills/some.skill.ts': TEXT })
  catalog = join(project.root, 'catalog')
  await writeFile(join(project.root, 'outside.ts'), TEXT)
  findEntrypoint = createFindEntrypoint(catalog)
  await symlink(join(project.root, 'outside.ts'), join(catalog, 'link.ts'))
})
afterAll(() => project.remove())

describe('the entry point of a skill', () => {
  it('finds the code that was judged', async () => {
    const path = join(catalog, 'skills/some.skill.ts')
    expect(await findEntrypoint('skills/some.skill.ts', DIGEST)).toEqual({ path })
  })

  it('refuses code that is not the code that was judged', async () => {
    const found = await findEntrypoint('skills/some.skill.ts', digestFor('export default 2\n'))
    expect(found).toMatchObject({ refusal: { code: 'code_mismatch' } })
  })

  it.each(['../outside.ts', 'skills/../../outside.ts', 'link.ts', '/etc/passwd', 'missing.ts', '', '.', 'skills'])(
    'refuses %j, which is no file of the catalog',
    async (entrypoint) => {
      expect(await findEntrypoint(entrypoint, DIGEST)).toMatchObject({ refusal: { code: 'code_mismatch' } })
    },
  )

  it('is read again when a module has changed, however its times are set, has gone or is another file', async () => {
    const text = "import './part.ts'\n"
    const digest = (part: string) =>
      digestOf({ 'skills/whole.skill.ts': sha256Hex(text), 'skills/part.ts': part && sha256Hex(part) })
    const part = join(catalog, 'skills/part.ts')
    await writeFile(join(catalog, 'skills/whole.skill.ts'), text)
    await writeFile(part, 'one')
    // What has just changed is not remembered: another change might leave no trace.
    await wait(2_100)
    const isFound = async (wanted: string): Promise<boolean> =>
      'path' in (await findEntrypoint('skills/whole.skill.ts', wanted))
    const [one, two, six] = [digest('one'), digest('two'), digest('six')]
    expect([await isFound(one), await isFound(one), await isFound(two)]).toEqual([true, true, false])
    await writeFile(part, 'two')
    await utimes(part, 0, 0)
    expect([await isFound(one), await isFound(two)]).toEqual([false, true])
    await writeFile(`${part}.new`, 'six')
    await rename(`${part}.new`, part)
    expect([await isFound(two), await isFound(six)]).toEqual([false, true])
    await rm(part)
    expect([await isFound(six), await isFound(one)]).toEqual([false, false])
  })
})
