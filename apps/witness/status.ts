import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AzoraError } from '@azora/base'
import { toBase64 } from '@azora/proof'
import { isOpen, type KeptFinding, readFindings } from './findings.ts'
import { knownKey } from './key.ts'
import { readLatest } from './log-state.ts'
import { placesIn } from './places.ts'

export interface WitnessStatus {
  /** Verifier key of the witness (C2SP tlog-cosignature). */
  key: string
  logs: Array<{ origin: string; size: number; root: string; note: string }>
  /** What was refused because it doesn't fit what was cosigned. */
  findings: KeptFinding[]
  /** True when nothing speaks against any log. */
  well: boolean
}

/** What a witness knows, read from its state directory, whether it runs or not. */
export async function readStatus(state: string): Promise<WitnessStatus> {
  const key = await knownKey(state)
  if (key === undefined)
    throw new AzoraError('missing', 'witness_state_missing', `there is no state of a witness in ${state}`, {
      remedy: 'Name its directory with --state.',
    })
  const places = placesIn(state)
  const logs: WitnessStatus['logs'] = []
  for (const id of existsSync(places.logs) ? (await readdir(places.logs)).sort() : []) {
    const latest = await readLatest(join(places.logs, id, 'latest.note'))
    if (!latest) continue
    const { origin, size, root } = latest.checkpoint
    logs.push({ origin, size, root: toBase64(root), note: latest.note })
  }
  const findings = existsSync(places.findings) ? await readFindings(places.findings) : []
  return { key, logs, findings, well: !findings.some(isOpen) }
}

export function statusText({ key, logs, findings }: WitnessStatus): string {
  return [
    `witness  ${key}`,
    ...(logs.length === 0 ? ['no log was seen yet'] : []),
    ...logs.map(({ origin, size, root }) => `log      ${origin}: ${size} entries, root ${root}`),
    ...findings.map(({ kind, origin, at, why, file, settledAt }) =>
      settledAt === undefined
        ? `✗ ${kind}  ${at}  ${origin}: ${why}\n    ${file}`
        : `  ${kind}  ${at}  ${origin}: ${why}; settled ${settledAt}`,
    ),
  ].join('\n')
}
