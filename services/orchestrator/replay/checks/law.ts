import type { VerificationResult } from '@azora/contracts'
import type { Gate } from '@azora/law'
import { lawNotKept, type NotCompared, notCompared } from '../check.ts'
import type { Laws } from '../ports.ts'

type About = Omit<NotCompared, 'unreplayed' | 'message'>

/** The law that made a verdict; where it can't be asked again, why. */
export async function lawBehind(
  laws: Pick<Laws, 'byDigest'>,
  { constitution, reasons }: Pick<VerificationResult, 'constitution' | 'reasons'>,
  about: About,
): Promise<{ gate: Gate } | { missing: NotCompared }> {
  if (reasons.some(({ rule }) => rule === 'constitution_unavailable')) {
    const message = 'no constitution could be applied then, so everything was denied'
    return { missing: notCompared(about, 'law_was_unavailable', message) }
  }
  const gate = await laws.byDigest(constitution)
  return gate ? { gate } : { missing: lawNotKept(about, constitution) }
}

/** The law that was in force at a time, for decisions that don't name theirs. */
export async function lawAt(laws: Pick<Laws, 'byDigest' | 'inForceAt'>, time: string, about: About) {
  const digest = await laws.inForceAt(time)
  if (digest !== undefined) return lawBehind(laws, { constitution: digest, reasons: [] }, about)
  return { missing: notCompared(about, 'law_was_unavailable', 'no constitution was in force then') }
}
