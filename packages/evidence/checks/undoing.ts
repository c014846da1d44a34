import type { SkillManifest } from '@azora/contracts'
import { isTold, type Story } from '../story.ts'

/**
 * By step, the skill that undoes another action because that one's skill says so in its manifest. The agent needs not declare
 * it.
 */
export function undoingSkills(
  { entries }: Story,
  skills: ReadonlyMap<string, { manifest: SkillManifest }>,
): ReadonlyMap<string, string> {
  const manifests = new Map<string, SkillManifest>()
  const found = new Map<string, string>()
  for (const entry of entries) {
    if (isTold(entry, 'action.verified')) {
      const { stepId, skillId, skillVersion } = entry.payload.action
      const known = skills.get(`${skillId}@${skillVersion}`)
      if (known) manifests.set(stepId, known.manifest)
    }
    if (!isTold(entry, 'compensation.begun')) continue
    for (const { compensates, step } of entry.payload.steps)
      if (manifests.get(compensates)?.compensation?.skill === step.skill) found.set(step.id, step.skill)
  }
  return found
}
