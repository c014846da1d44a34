import { type Entry, type EntryHeader, isErased, type RunErasure, type RunSpec } from '@azora/contracts'
import type { Journal } from '@azora/journal'

const UNKNOWN = { agentId: 'erased', agentVersion: '0.0.0' }
const AGENT = /^agent:([^@]+)@(.+)$/

/**
 * What the headers still say of a run whose `run.scheduled` was erased: who asked, for whom and when, and which agent
 * answered. Everything else has the least value that it can have.
 */
export function erasedSpec(first: EntryHeader, run: readonly Pick<Entry, 'header'>[] = []): RunSpec {
  const [, agentId, agentVersion] = run.flatMap(({ header }) => AGENT.exec(header.actor) ?? [])
  return {
    ...(agentId && agentVersion ? { agentId, agentVersion } : UNKNOWN),
    runId: first.run ?? '',
    tenant: first.tenant,
    owner: first.actor,
    input: {},
    scope: { read: [], write: [], hosts: [] },
    priority: 0,
    budget: { actions: 1, turns: 1 },
    createdAt: first.at,
  }
}

/** What a run's fold keeps about what was erased. */
export interface Erased {
  /** How many payloads are gone, by the index of the entry that says why. */
  readonly erasures: Map<number, number>
  /** What the run was asked is gone too: its spec is what the headers still say. */
  readonly specErased: boolean
}

/** Takes in an entry of which only the header is left. */
export function applyErased(
  fold: Erased & { validated?: { shard: string; index: number } },
  { header, erasedBy = -1 }: Entry,
): void {
  fold.erasures.set(erasedBy, (fold.erasures.get(erasedBy) ?? 0) + 1)
  if (header.kind === 'run.validated') fold.validated = { shard: header.shard, index: header.index }
}

/** What was erased of a run, and under which rules. */
export async function erasuresOf(
  journal: Pick<Journal, 'read'>,
  { erasures, spec }: Pick<Erased, 'erasures'> & { spec: RunSpec },
): Promise<RunErasure[]> {
  return Promise.all(
    [...erasures].map(async ([index, entries]): Promise<RunErasure> => {
      const [entry] = index < 0 ? [] : await journal.read(index, 1)
      const known = { index: Math.max(index, 0), at: entry?.header.at ?? spec.createdAt, entries }
      if (entry?.header.kind !== 'erasure.requested' || isErased(entry)) return { ...known, rule: 'unknown' }
      const { erasureId, rule } = (entry as Entry<'erasure.requested'>).payload.statement
      return { ...known, erasureId, rule }
    }),
  )
}
