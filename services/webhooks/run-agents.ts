import { isErased, type RunSpec } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { AgentOfRun, Told } from './event.ts'

/** Which agent works in a run; undefined where that was erased. */
export type RunAgents = (told: Told) => Promise<AgentOfRun | undefined>

const RUNS_MAX = 10_000

/** A run names its agent in its first entry only, so that is remembered. */
export function createRunAgents(journal: Pick<Journal, 'readRun'>): RunAgents {
  const known = new Map<string, AgentOfRun | undefined>()

  function remember(run: string, spec: RunSpec | undefined): AgentOfRun | undefined {
    const agent = spec && { agentId: spec.agentId, agentVersion: spec.agentVersion }
    known.set(run, agent)
    if (known.size > RUNS_MAX) known.delete(known.keys().next().value ?? '')
    return agent
  }

  return async ({ header: { run }, kind, payload }) => {
    if (run === undefined) return undefined
    if (known.has(run)) return known.get(run)
    if (kind === 'run.scheduled') return remember(run, (payload as { spec: RunSpec } | null)?.spec)
    const [first] = await journal.readRun(run, -1, 1)
    if (first?.header.kind !== 'run.scheduled' || isErased(first)) return remember(run, undefined)
    return remember(run, (first.payload as { spec: RunSpec }).spec)
  }
}
