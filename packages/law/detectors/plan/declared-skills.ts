import { type Detector, factAbout, type PlanSubject } from '../detector.ts'

/** Skills that the agent didn't declare; an agent that declares nothing may use nothing. */
export const planDeclaredSkills: Detector<PlanSubject> = {
  name: 'plan-declared-skills',
  rules: ['plan_undeclared_skill'],
  find({ principal, declaredSkills, steps }) {
    if (!principal.startsWith('agent:') && declaredSkills === undefined) return []
    const undeclared = steps.filter(({ step }) => !declaredSkills?.includes(step.skill))
    return factAbout(
      undeclared.map(({ step }) => `${step.id}: ${step.skill}`),
      {
        rule: 'plan_undeclared_skill',
        article: '22',
        severity: 'CRITICAL',
        message: 'Steps of the plan use skills that the agent did not declare.',
        remedy: 'Use a declared skill, or declare the skill in a new version of the agent.',
      },
    )
  },
}
