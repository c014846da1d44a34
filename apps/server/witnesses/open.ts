import type { Clock, Log } from '@azora/base'
import type { Journal } from '@azora/journal'
import { parseVerifier } from '@azora/proof'
import { startWitnesses, type Witnesses } from './collector.ts'
import { readWitnessPolicy } from './policy.ts'

/** Collects the cosignatures that a policy file asks for, where there is one. Throws `witness_policy_malformed`. */
export async function openWitnesses(
  file: string | undefined,
  { journal, tenant, clock, log }: { journal: Journal; tenant: string; clock: Clock; log: Log },
): Promise<Witnesses | undefined> {
  if (file === undefined) return undefined
  const keysNow = (): string[] => journal.keys().map(({ key }) => key)
  return startWitnesses({
    policy: await readWitnessPolicy(file, keysNow()),
    journal,
    tenant,
    logKeys: () =>
      keysNow()
        .map(parseVerifier)
        .filter((key) => key !== undefined),
    keyChain: () => journal.keyChain(),
    now: () => clock.now(),
    log,
  })
}
