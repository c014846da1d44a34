import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { AgentManifest, SkillManifest } from '@azora/contracts/authoring'
import { z } from 'zod'
import { loadAgent, loadSkill, ModuleError, messageOf } from './load.ts'

/** Manifests without the digest of the code: whoever asks computes that from the files. */
const Skill = SkillManifest.omit({ codeDigest: true })
const Agent = AgentManifest.omit({ codeDigest: true })

/** What a catalog's folder holds; entry points are relative to it. */
export interface CatalogDescription {
  skills: Array<z.infer<typeof Skill>>
  agents: Array<z.infer<typeof Agent>>
  errors: Array<{ entrypoint: string; message: string }>
}

const MODULES_MAX = 2000

/**
 * Loads every `skills/**\/*.skill.ts` and `agents/**\/*.agent.ts` below a folder. A module that can't be used becomes an
 * error beside the others.
 *
 * @param loadMs how long a module may take to load
 */
export async function describeCatalog(folder: string, loadMs: number): Promise<CatalogDescription> {
  const described: CatalogDescription = { skills: [], agents: [], errors: [] }
  const describeAll = async <T>(entrypoints: string[], into: T[], describe: (path: string) => Promise<T>) => {
    for (const path of entrypoints) {
      try {
        into.push(await within(loadMs, describe(path)))
      } catch (thrown) {
        described.errors.push({ entrypoint: pathOf(folder, path), message: explain(thrown) })
      }
    }
  }
  const skills = await modulesBelow(join(folder, 'skills'), '.skill.ts')
  const agents = await modulesBelow(join(folder, 'agents'), '.agent.ts')
  await describeAll(skills, described.skills, (path) => describeSkill(folder, path))
  await describeAll(agents, described.agents, (path) => describeAgent(folder, path))
  return described
}

async function describeSkill(folder: string, path: string): Promise<z.infer<typeof Skill>> {
  const skill = await loadSkill(path)
  const { kind: _kind, run: _run, input, output, ...manifest } = skill
  return Skill.parse({
    ...manifest,
    inputSchema: z.toJSONSchema(input, { io: 'input' }),
    outputSchema: z.toJSONSchema(output, { io: 'output' }),
    entrypoint: pathOf(folder, path),
  })
}

async function describeAgent(folder: string, path: string): Promise<z.infer<typeof Agent>> {
  const agent = await loadAgent(path)
  const { kind: _kind, recognize: _recognize, reason: _reason, input, ...manifest } = agent
  return Agent.parse({
    ...manifest,
    inputSchema: z.toJSONSchema(input, { io: 'input' }),
    entrypoint: pathOf(folder, path),
  })
}

/** Sorted, so that a catalog is described the same way everywhere. */
async function modulesBelow(folder: string, suffix: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes(`${sep}node_modules${sep}`))
  if (paths.length > MODULES_MAX) throw new ModuleError(`${folder} holds more than ${MODULES_MAX} modules`)
  return paths.sort()
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ModuleError(`it did not load within ${ms} ms`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const pathOf = (folder: string, path: string): string => relative(folder, path).split(sep).join('/')

const explain = (thrown: unknown): string =>
  thrown instanceof z.ZodError ? `its manifest is not valid: ${z.prettifyError(thrown)}` : messageOf(thrown)
