import { isStateful } from '@azora/contracts'
import { type Detector, factAbout, type PlanSubject } from '../detector.ts'

const MAX_STATEFUL = 20
const MAX_HOSTS = 8

/** Plans that change or reach more than people can oversee. */
export const planFanOut: Detector<PlanSubject> = {
  name: 'plan-fan-out',
  rules: ['plan_fans_out'],
  find({ steps }) {
    const stateful = steps.filter(({ skill }) => skill !== undefined && isStateful(skill.effects)).length
    const hosts = new Set(steps.flatMap(({ resources }) => resources.hosts)).size
    const excesses = [
      ...(stateful > MAX_STATEFUL ? [`${stateful} steps that change something`] : []),
      ...(hosts > MAX_HOSTS ? [`${hosts} hosts`] : []),
    ]
    return factAbout(excesses, {
      rule: 'plan_fans_out',
      article: '22',
      severity: 'MEDIUM',
      message: 'The plan changes or reaches more than people can oversee.',
      remedy: `Split the plan into parts of at most ${MAX_STATEFUL} such steps and ${MAX_HOSTS} hosts.`,
    })
  },
}
