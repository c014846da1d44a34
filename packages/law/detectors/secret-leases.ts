import type { SecretUse } from '@azora/contracts'
import { type ActionSubject, type Detector, factAbout } from './detector.ts'

/** True for a secret that no host of the action may have, or that the skill could carry to a host that may not. */
function isForOthers({ hosts, mode }: SecretUse, reached: readonly string[]): boolean {
  const isFor = (host: string): boolean => hosts.includes(host)
  return mode === 'brokered' ? !reached.some(isFor) : !reached.every(isFor)
}

/** Secrets on lease that the run's owner did not grant, or that are for other hosts than the action reaches. */
export const secretLeases: Detector<ActionSubject> = {
  name: 'secret-leases',
  rules: ['secret_outside_scope', 'secret_for_other_host', 'secret_in_environment'],
  find({ action, scope }) {
    const { secrets = [], resources } = action
    const granted = scope.secrets ?? []
    const names = (uses: readonly SecretUse[]): string[] => uses.map(({ name }) => name)
    return [
      ...factAbout(names(secrets.filter(({ name }) => !granted.includes(name))), {
        rule: 'secret_outside_scope',
        article: '6',
        severity: 'CRITICAL',
        message: 'It would use a secret outside the scope of the run.',
        remedy: "Ask the run's owner to grant the secret in the scope, or leave it out.",
      }),
      ...factAbout(names(secrets.filter((use) => isForOthers(use, resources.hosts))), {
        rule: 'secret_for_other_host',
        article: '7',
        severity: 'CRITICAL',
        message: 'It would use a secret for a host that the secret is not for.',
        remedy: 'Reach only hosts that the secret is for, or let its owner put one for this host.',
      }),
      ...factAbout(names(secrets.filter(({ mode }) => mode === 'environment')), {
        rule: 'secret_in_environment',
        article: '7',
        severity: 'HIGH',
        message: 'The skill would see a secret itself.',
        remedy: 'Use a skill that lets the node put the secret into its requests, or wait for the review.',
      }),
    ]
  },
}
