import type { RecordedRegistry, RunView } from '@azora/skills'
import type { RunFold } from '../fold/run-fold.ts'

type Begun = Pick<RunFold, 'catalogAt' | 'steps'>

/**
 * The registry as a run sees it. Skills are those that were offered when it began, also when newer ones were registered
 * since. Of its agent, and of skills that it used before it was moved to newer ones, it names the versions itself.
 *
 * @param fold may go on
 * @param now index of the entry before which it is asked; now when absent
 */
export function registryOf(recorded: RecordedRegistry, fold: Begun, now?: number): RunView {
  let seen: { index: number; view: RunView } | undefined
  const view = (): RunView => {
    if (seen?.index !== fold.catalogAt) seen = { index: fold.catalogAt, view: recorded.at(fold.catalogAt, now) }
    return seen.view
  }
  return {
    get isOffered() {
      return view().isOffered
    },
    skill(skillId, version) {
      try {
        return view().skill(skillId, version)
      } catch (thrown) {
        const used = version !== undefined && hasUsed(fold, skillId, version) && recorded.skill(skillId, version)
        if (used) return used
        throw thrown
      }
    },
    agent: (agentId, version) =>
      (version === undefined ? undefined : recorded.agent(agentId, version)) ?? view().agent(agentId, version),
    checkSkillInput: (skill, input) => view().checkSkillInput(skill, input),
  }
}

const hasUsed = ({ steps }: Begun, skillId: string, version: string): boolean =>
  [...steps.values()].some(({ action }) => action?.skillId === skillId && action.skillVersion === version)
