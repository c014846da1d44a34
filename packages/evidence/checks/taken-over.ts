import { canonical, payloadDigest } from '@azora/proof/verify'
import { type Check, checkOf, type Flaw } from '../flaw.ts'
import { isTold, type Story } from '../story.ts'

/** What a fork says that it took over. That the other run is so in the log is for the evidence of that run to prove. */
export interface TakenOverFindings {
  checks: Check[]
  notProved: string[]
}

/** Each entry that was taken over has to have the payload that its header commits to, and to stand before the fork. */
export function checkTakenOver({ entries }: Story): TakenOverFindings {
  const [first] = entries
  if (!first || !isTold(first, 'run.scheduled') || !first.payload.takenOver) return { checks: [], notProved: [] }
  const { spec, takenOver } = first.payload
  const flaws = takenOver.entries.map(({ header, payload, salt }): Flaw => {
    if (payloadDigest(salt, canonical(payload)) !== header.payloadDigest)
      return `the entry ${String(header.index)} that was taken over is not that of its digest`
    if (typeof header.index !== 'number' || header.index > takenOver.index || takenOver.index >= first.header.index)
      return `the entry ${String(header.index)} that was taken over does not stand before the run`
    return header.tenant === spec.tenant
      ? undefined
      : `the entry ${header.index} that was taken over is of another tenant`
  })
  const from = spec.forkOf?.run ?? 'another run'
  return {
    checks: [
      checkOf('taken_over', `all ${flaws.length} entries that were taken over from ${from} have their digests`, flaws),
    ],
    notProved: [
      `that what was taken over from ${from} is in the log: the evidence of that run shows it, by the same digests`,
    ],
  }
}
