import { type ActionSubject, type Detector, factAbout } from './detector.ts'

const OWNER = /^(user|service):/
const AGENT = /^agent:[^@]+@[^@]+$/

/** Only an agent, named with its version, acts for another; only a person or a service owns a run. */
export const identity: Detector<ActionSubject> = {
  name: 'identity',
  rules: ['principal_mismatch'],
  find({ action: { principal, owner } }) {
    const fits = OWNER.test(owner) && (AGENT.test(principal) || principal === owner)
    return factAbout(fits ? [] : [`${principal} for ${owner}`], {
      rule: 'principal_mismatch',
      article: '8',
      severity: 'CRITICAL',
      message: 'The one who proposes it may not act for the owner of the run.',
      remedy: 'Start a run of your own; only agents act on behalf of others.',
    })
  },
}
