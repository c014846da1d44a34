import type { AgentRun } from '@azora/contracts'
import { isTerminal } from '@azora/contracts'
import type { RunChange, RunStore } from '@azora/orchestrator'
import type { Ask } from './link.ts'
import { changeReviews, reviewStore } from './review-list.ts'
import type { Tables } from './tables.ts'

/** The orchestrator's list of runs behind its real port. */
export function runStore(tables: Tables, ask: Ask): RunStore {
  const all = (): RunChange[] => [...tables.listed.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    next: () => ask('list cursor', () => tables.cursor),
    apply: (_shard, { from, to }, changes, { resting, woken }) =>
      ask('list', () => {
        if (tables.cursor !== from) return false
        for (const change of changes) {
          changeReviews(tables, change)
          const before = tables.listed.get(change.id)
          if (!before || before.index < change.index) tables.listed.set(change.id, { ...before, ...change })
        }
        for (const run of woken) tables.rests.delete(run)
        for (const { run, untilMs } of resting) tables.rests.set(run, untilMs)
        tables.cursor = to
        return true
      }),
    replace: () => ask('replace', () => {}),
    list: ({ tenant, state, agentId, after, limit }) =>
      ask('listed', () =>
        all()
          .filter((run) => run.tenant === tenant && (state === undefined || run.state === state))
          .filter((run) => agentId === undefined || run.spec?.agentId === agentId)
          .filter((run) => after === undefined || run.id < after)
          .reverse()
          .slice(0, limit)
          .flatMap((run) => viewOf(run) ?? []),
      ),
    waiting: waitingIn(all, tables.rests, ask),
    reviews: reviewStore(tables, ask),
    budgets: {
      load: () =>
        ask('budgets', () => ({
          next: tables.budgets.next,
          used: [...tables.budgets.used.values()],
          open: [...tables.budgets.open.values()],
        })),
      keep: (_shard, next, { used, open }) =>
        ask('keep budgets', () => {
          if (next <= tables.budgets.next) return
          tables.budgets.next = next
          for (const one of used) tables.budgets.used.set(`${one.period} ${one.subject}`, one)
          for (const one of open) tables.budgets.open.set(one.run, one)
        }),
    },
    counts: () => ask('counts', () => ({})),
  }
}

type Waiting = RunStore['waiting']
type Listed = RunChange & { spec: NonNullable<RunChange['spec']> }

/** What is said of those that have not ended. */
function waitingIn(all: () => RunChange[], rests: ReadonlyMap<string, number>, ask: Ask): Waiting {
  const known = (test: (run: Listed) => boolean): Listed[] =>
    all().filter((run): run is Listed => run.spec !== undefined && test(run as Listed))
  const behind =
    (after: string, beforeIndex: number) =>
    ({ id, index, state }: Listed): boolean =>
      state === 'scheduled' && id > after && index < beforeIndex
  const restingBehind = (after: string) =>
    [...rests].filter(([run]) => run > after).map(([run, atMs]) => ({ run, atMs }))
  return {
    started: (after, limit) =>
      ask('started runs', () =>
        known(({ id, state }) => id > after && !rests.has(id) && state !== 'scheduled' && !isOver(state))
          .slice(0, limit)
          .map((run) => ({ run: run.id, traits: traitsOf(run) })),
      ),
    oldest: () =>
      ask('oldest run', () => {
        const open = known(({ state }) => !isOver(state))
        return open.length === 0 ? undefined : Math.min(...open.map(({ since = 0 }) => since))
      }),
    counts: () =>
      ask('waiting runs', () => {
        const counts = new Map<string, number>()
        for (const { tenant } of known(({ state }) => state === 'scheduled'))
          counts.set(tenant, (counts.get(tenant) ?? 0) + 1)
        return counts
      }),
    page: (after, beforeIndex, limit) =>
      ask('waiting page', () =>
        known(behind(after, beforeIndex))
          .filter(({ spec }) => spec.startAt === undefined)
          .slice(0, limit)
          .map((run) => ({ traits: traitsOf(run), runs: [run.id] })),
      ),
    timed: (after, beforeIndex, limit) =>
      ask('timed page', () =>
        [...known(behind(after, beforeIndex)).map(timeOf), ...restingBehind(after)]
          .filter(({ atMs }) => Number.isFinite(atMs))
          .sort((a, b) => (a.run < b.run ? -1 : 1))
          .slice(0, limit),
      ),
  }
}

const isOver = (state: RunChange['state']): boolean => state !== undefined && isTerminal(state)

const timeOf = ({ id, spec: { startAt, deadline } }: Listed) => ({
  run: id,
  atMs: Math.min(...[startAt, deadline].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]))),
})

const traitsOf = ({ tenant, spec: { agentId, priority } }: Listed) => ({ tenant, agent: agentId, priority })

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
