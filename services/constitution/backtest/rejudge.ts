import type { BacktestResult, EntryKind, EntryPayload } from '@azora/contracts'
import type { ScannedEntry } from '@azora/journal'
import type { Gate } from '@azora/law'
import { createTally } from './tally.ts'

/** Kinds of entries that it takes. The first only says whose output a later one is. */
export const JUDGED_KINDS: readonly EntryKind[] = ['run.scheduled', 'action.verified', 'run.validated']

export interface Rejudge {
  take(entry: ScannedEntry): void
  judged(): number
  result(): Omit<BacktestResult, 'draft' | 'durationMs'>
}

interface Owner {
  owner: string
  agent: string
  tenant: string
}

/** Rules about what an output quotes. */
const NEEDS_SOURCES = /^(claim_|placeholder_output$)/

/** Runs whose output may still come. Beyond that the oldest are forgotten, and their outputs skipped. */
const RUNS_MAX = 100_000

/** Judges recorded requests again, in the order of the journal. */
export function createRejudge(draft: Pick<Gate, 'verify' | 'verifyOutput'>, examples: number): Rejudge {
  const tally = createTally(examples)
  const runs = new Map<string, Owner>()

  function remember({ header }: ScannedEntry, { spec }: EntryPayload<'run.scheduled'>): void {
    const { run } = JSON.parse(header)
    const { owner, tenant, agentId, agentVersion, plan } = spec
    runs.set(run, { owner, tenant, agent: plan ? owner : `agent:${agentId}@${agentVersion}` })
    if (runs.size <= RUNS_MAX) return
    for (const oldest of runs.keys()) {
      runs.delete(oldest)
      return
    }
  }

  function judgeAction(entry: ScannedEntry, recorded: EntryPayload<'action.verified'>): void {
    const { action, judged, result, reviewId } = recorded
    if (!judged) {
      tally.skip()
      return
    }
    const { skillId: skill, principal: agent, stepId: step } = action
    tally.count({
      entry,
      about: { skill, agent, step },
      // People allowed it, so the constitution had said review.
      before: { verdict: reviewId ? 'review' : result.verdict, reasons: result.reasons },
      after: draft.verify({ action, ...judged }),
    })
  }

  function judgeOutput(entry: ScannedEntry, { outputs, result }: EntryPayload<'run.validated'>): void {
    const { run } = JSON.parse(entry.header)
    const owner = runs.get(run)
    runs.delete(run)
    if (!owner) {
      tally.skip()
      return
    }
    const { tenant, owner: principal, agent } = owner
    const after = draft.verifyOutput({ runId: run, tenant, principal, outputs })
    // What the run had read is not at hand, and without it what it quotes looks made up.
    if (after.reasons.some(({ rule }) => NEEDS_SOURCES.test(rule))) tally.skip()
    else tally.count({ entry, about: { agent }, before: result, after })
  }

  return {
    take(entry) {
      if (entry.payload === null) {
        if (entry.kind !== 'run.scheduled') tally.skip()
        return
      }
      const payload = JSON.parse(entry.payload)
      if (entry.kind === 'run.scheduled') remember(entry, payload)
      else if (entry.kind === 'action.verified') judgeAction(entry, payload)
      else if (entry.kind === 'run.validated') judgeOutput(entry, payload)
    },
    judged: tally.judged,
    result: tally.result,
  }
}
