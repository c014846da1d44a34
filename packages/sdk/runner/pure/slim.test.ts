import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { bundleSkill } from './bundle.ts'
import { createEngine } from './engine.ts'

const CATALOG = fileURLToPath(new URL('../testing/catalog', import.meta.url))
const LIMITS = { cpuMs: 5_000, memoryBytes: 134_217_728, outputBytes: 1_048_576 }
const CONTEXT = { runId: 'r', stepId: 's', idempotencyKey: 'k', workspace: '/workspace' }

let folder: string | undefined
afterEach(async () => {
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** Beside the other skills, as modules are looked for from there. */
async function bundleOf(imports: string, run: string): Promise<string> {
  folder = await mkdtemp(join(CATALOG, 'slim-'))
  const path = join(folder, 'some.skill.ts')
  await writeFile(
    path,
    `${imports}
import { defineSkill } from '@azora/sdk'
export default defineSkill({
  skillId: 'test.some', version: '1.0.0', title: 'Some', description: 'Some.',
  input: z.object({}), output: z.json(), effects: ['none'], idempotent: true, workspace: 'none', driver: 'pure',
  run: () => ${run},
})`,
  )
  return bundleSkill(path)
}

const outputOf = async (bundle: string): Promise<unknown> => {
  const { result } = (await createEngine(bundle, LIMITS)).perform({ input: {}, context: CONTEXT })
  return result.ok ? result.output : result.error
}

it.each([
  ['the export named z', "import { z } from 'zod'"],
  ['that export among others', "import { z, ZodError } from 'zod'\nexport const kept = ZodError"],
  ['a namespace', "import * as z from 'zod'"],
  ['the default', "import z from 'zod'"],
])('bundles a skill that imports zod by %s', async (_name, imports) => {
  expect(await outputOf(await bundleOf(imports, 'z.string().parse("text")'))).toBe('text')
})

it('leaves out what is not used of zod, and what checks a declaration', async () => {
  const slim = await bundleOf("import { z } from 'zod'", '1')
  expect(slim.length).toBeLessThan(110_000)
})

it('takes zod whole where it is used as a value', async () => {
  const bundle = await bundleOf("import { z } from 'zod'", '((all) => all.codec !== undefined && "iso" in all)(z)')
  expect(await outputOf(bundle)).toBe(true)
})

it('leaves a text that looks like an import as it is', async () => {
  const text = '`const a = 1\nimport { z } from "zod";\n`'
  expect(await outputOf(await bundleOf("import { z } from 'zod'", text))).toBe(
    'const a = 1\nimport { z } from "zod";\n',
  )
})
