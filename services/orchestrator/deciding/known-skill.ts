import type { SkillManifest } from '@azora/contracts'
import type { Registry } from '@azora/skills'

/** A skill of the registry; undefined for one that isn't there, or no longer. */
export function knownSkill(
  registry: Pick<Registry, 'skill'>,
  skillId: string,
  version: string | undefined,
): SkillManifest | undefined {
  try {
    return registry.skill(skillId, version)
  } catch {
    return undefined
  }
}
