import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeDigestOf } from './code-digest.ts'
import { createTestProject, type TestProject } from './testing/project.ts'

let project: TestProject
let catalog: string
const digest = () => codeDigestOf(catalog, 'skills/a.skill.ts')

beforeEach(async () => {
  project = await createTestProject({
    'skills/a.skill.ts': "import { b } from '../lib/b.ts'\nexport default b\n",
    'lib/b.ts': "export const b = () => import('./c.ts')\n",
    'lib/c.ts': "import '../lib/b.ts'\n",
    'lib/other.ts': 'export {}\n',
  })
  catalog = join(project.root, 'catalog')
})
afterEach(() => project.remove())

describe('codeDigestOf', () => {
  it.each(['skills/a.skill.ts', 'lib/b.ts', 'lib/c.ts'])('changes with %s', async (name) => {
    const before = await digest()
    await writeFile(join(catalog, name), "import { b } from '../lib/b.ts'\nexport default [b]\n")
    expect(before).toMatch(/^[0-9a-f]{64}$/)
    expect(await digest()).not.toBe(before)
  })

  it('does not change with what the module does not import', async () => {
    const before = await digest()
    await writeFile(join(catalog, 'lib/other.ts'), 'export const changed = 1\n')
    expect(await digest()).toBe(before)
  })

  it('changes when a module that was absent comes to exist', async () => {
    await writeFile(join(catalog, 'skills/a.skill.ts'), "import './later.ts'\n")
    const before = await digest()
    await writeFile(join(catalog, 'skills/later.ts'), '')
    expect(await digest()).not.toBe(before)
  })

  it('answers nothing for code outside the catalog, or for no code', async () => {
    expect(await codeDigestOf(catalog, 'skills/missing.skill.ts')).toBeUndefined()
    await writeFile(join(project.root, 'outside.ts'), '')
    await writeFile(join(catalog, 'skills/a.skill.ts'), "import '../../outside.ts'\n")
    expect(await digest()).toBeUndefined()
  })
})
