import { readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { digestOf, sha256Hex } from '@azora/proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestProject, type TestProject } from '../testing/project.ts'
import type { FindCode } from './find.ts'
import { openFindCode } from './open.ts'
import { packOf } from './pack.ts'

const TEXT = 'export default 1\n'
const digestFor = (text: string): string => digestOf({ 'skills/some.skill.ts': sha256Hex(text) })
const DIGEST = digestFor(TEXT)
let project: TestProject
let catalog: string
let findCode: FindCode
const occasion = { runId: 'run', signal: new AbortController().signal }
const findEntrypoint = (entrypoint: string, digest: string) => findCode(entrypoint, digest, occasion)

beforeAll(async () => {
  project = await createTestProject({ 'skills/some.skill.ts': TEXT })
  catalog = join(project.root, 'catalog')
  await writeFile(join(project.root, 'outside.ts'), TEXT)
  findCode = openFindCode(project.root, join(project.dataDir, 'unpacked'))
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

  it('is taken from where it was kept when the catalogue has another, and refused when that was changed', async () => {
    const [text, part] = ["import '../lib/kept.ts'\n", 'export default 1\n']
    const write = async (lib: string): Promise<void> => {
      await project.add('skills/kept.skill.ts', text)
      await project.add('lib/kept.ts', lib)
    }
    await write(part)
    const digest = digestOf({ 'skills/kept.skill.ts': sha256Hex(text), 'lib/kept.ts': sha256Hex(part) })
    const pack = JSON.stringify(await packOf(catalog, 'skills/kept.skill.ts'))
    const folder = join(project.dataDir, 'kept')
    const asked: string[] = []
    const source = (answer?: string) => async (wanted: string, runId: string) => {
      asked.push(`${runId} ${wanted}`)
      return answer
    }
    const find = openFindCode(project.root, folder, [source(), source(pack.replace('MQo=', 'Mgo=')), source(pack)])
    const wanted = () => find('skills/kept.skill.ts', digest, occasion)
    expect(await wanted()).toEqual({ path: join(catalog, 'skills/kept.skill.ts') })
    await write('export default 2\n')
    expect(asked).toEqual([])
    const kept = join(folder, digest)
    expect(await wanted()).toEqual({ path: join(kept, 'skills/kept.skill.ts'), folder: kept })
    expect(await readFile(join(kept, 'lib/kept.ts'), 'utf8')).toBe(part)
    expect(asked).toEqual(Array.from({ length: 3 }, () => `run ${digest}`))
    await wanted()
    expect(asked).toHaveLength(3)
    await rm(join(kept, 'lib/kept.ts'))
    await writeFile(join(kept, 'lib/kept.ts'), 'export default 3\n')
    expect(await wanted()).toMatchObject({
      refusal: { code: 'code_mismatch', message: expect.stringContaining('was changed where it is kept') },
    })
  })

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
