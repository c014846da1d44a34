import { type ActionSubject, type Detector, factAbout } from './detector.ts'

/** A skill that the agent didn't declare; an agent that declares nothing may use nothing. */
export const declaredSkill: Detector<ActionSubject> = {
  name: 'declared-skill',
  rules: ['skill_undeclared'],
  find({ action, declaredSkills }) {
    const isAgent = action.principal.startsWith('agent:')
    if (!isAgent && declaredSkills === undefined) return []
    const undeclared = declaredSkills?.includes(action.skillId) ? [] : [action.skillId]
    return factAbout(undeclared, {
      rule: 'skill_undeclared',
      article: '8',
      severity: 'CRITICAL',
      message: 'The agent did not declare this skill.',
      remedy: 'Declare the skill in a new version of the agent.',
    })
  },
}
