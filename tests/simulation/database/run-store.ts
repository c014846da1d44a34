import type { AgentRun } from '@azora/contracts'
import { isTerminal } from '@azora/contracts'
import type { RunChange, RunStore } from '@azora/orchestrator'
import type { Ask } from './link.ts'
import type { Tables } from './tables.ts'

/** The orchestrator's list of runs behind its real port. */
export function runStore(tables: Tables, ask: Ask): RunStore {
  const all = (): RunChange[] => [...tables.listed.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    next: () => ask('list cursor', () => tables.cursor),
    apply: (_shard, next, changes) =>
      ask('list', () => {
        for (const change of changes) {
          const before = tables.listed.get(change.id)
          if (!before || before.index < change.index) tables.listed.set(change.id, { ...before, ...change })
        }
        tables.cursor = next
      }),
    replace: () => ask('replace', () => {}),
    list: ({ tenant, state, agentId, before, limit }) =>
      ask('listed', () =>
        all()
          .filter((run) => run.tenant === tenant && (state === undefined || run.state === state))
          .filter((run) => agentId === undefined || run.spec?.agentId === agentId)
          .filter((run) => before === undefined || run.id < before)
          .reverse()
          .slice(0, limit)
          .flatMap((run) => viewOf(run) ?? []),
      ),
    open: () =>
      ask('open runs', () =>
        all()
          .filter(({ state }) => state !== undefined && !isTerminal(state))
          .map(({ id, spec }) => ({ id, priority: spec?.priority ?? 0 })),
      ),
    counts: () => ask('counts', () => ({})),
  }
}

function viewOf({ id, spec, state, startedAt, finishedAt, error }: RunChange): AgentRun | undefined {
  if (!spec || !state) return undefined
  const { runId: _runId, plan: _plan, ...rest } = spec
  return {
    ...rest,
    id,
    state,
    ...(startedAt && { startedAt }),
    ...(finishedAt && { finishedAt }),
    ...(error && { error }),
  }
}
