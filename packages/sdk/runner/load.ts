import { pathToFileURL } from 'node:url'
import type { Agent } from '../define-agent.ts'
import type { Skill } from '../define-skill.ts'

/** The module can't be used: it doesn't load, or exports something else. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError'
}

/** @throws ModuleError unless the module's default export is a skill */
export async function loadSkill(entrypoint: string): Promise<Skill> {
  const loaded = await importDefault(entrypoint)
  if (isKind<Skill>(loaded, 'skill', ['run'])) return loaded
  throw new ModuleError('the default export is no skill; use: export default defineSkill({ ... })')
}

/** @throws ModuleError unless the module's default export is an agent */
export async function loadAgent(entrypoint: string): Promise<Agent> {
  const loaded = await importDefault(entrypoint)
  if (isKind<Agent>(loaded, 'agent', ['recognize', 'reason'])) return loaded
  throw new ModuleError('the default export is no agent; use: export default defineAgent({ ... })')
}

async function importDefault(entrypoint: string): Promise<unknown> {
  try {
    const module: { default?: unknown } = await import(pathToFileURL(entrypoint).href)
    return module.default
  } catch (thrown) {
    throw new ModuleError(`the module doesn't load: ${messageOf(thrown)}`, { cause: thrown })
  }
}

/** Modules may bring their own copy of the SDK, so the shape decides, not the class. */
function isKind<T extends { kind: string }>(value: unknown, kind: T['kind'], methods: Array<keyof T>): value is T {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== kind) return false
  const candidate = value as Partial<Record<keyof T, unknown>>
  return methods.every((method) => typeof candidate[method] === 'function')
}

export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
