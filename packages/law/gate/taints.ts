import type { Taint } from '@azora/contracts'
import type { Fact } from '../detectors/detector.ts'
import type { Observation } from '../request.ts'

/** Which taint a fact about an observation leaves in the run. */
const BY_RULE: Readonly<Record<string, Taint>> = {
  injected_instructions: 'injected_instructions',
  personal_data_read: 'personal_data',
  secret_read: 'secret',
  detector_failed: 'untrusted_content',
}

/** What came from a host was written by strangers, whoever answers there. */
export function taintsOf({ resources }: Observation, facts: readonly Fact[]): Taint[] {
  const taints = new Set<Taint>(resources.hosts.length > 0 ? ['untrusted_content'] : [])
  for (const { rule } of facts) {
    const taint = BY_RULE[rule]
    if (taint) taints.add(taint)
  }
  return [...taints].sort()
}
