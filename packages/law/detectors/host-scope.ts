import { outsideScope } from '../facts/scope.ts'
import { type ActionSubject, type Detector, factAbout } from './detector.ts'

/** Hosts that the run's owner didn't grant. */
export const hostScope: Detector<ActionSubject> = {
  name: 'host-scope',
  rules: ['host_outside_scope'],
  find({ action, scope }) {
    return factAbout(outsideScope(action.resources, scope).hosts, {
      rule: 'host_outside_scope',
      article: '6',
      severity: 'CRITICAL',
      message: 'It would reach a host outside the scope of the run.',
      remedy: "Ask the run's owner to grant the host in the scope, or leave it out.",
    })
  },
}
