import { fileURLToPath } from 'node:url'
import { type Db, migrate } from '@azora/base/db'
import type { AgentRun, Failure, RunState } from '@azora/contracts'
import type { PrivateTexts } from '@azora/journal'
import { traitsOf } from '../admission/traits.ts'
import type { RestChanges } from '../listing/rests.ts'
import { applyChanges, type SealedChange } from './apply-changes.ts'
import { type BudgetStore, createBudgetStore } from './budgets.ts'
import { listQuery, type RunFilter } from './list-query.ts'
import { createReviewStore, type ReviewStore } from './reviews.ts'
import type { ListedSpec, RunChange } from './run-change.ts'
import { createWaitingStore, type WaitingStore } from './waiting.ts'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

export interface RunStore {
  next(shard: string): Promise<number>
  /**
   * Applies what the entries between two places change and moves the cursor, all or nothing.
   *
   * @returns false where the list doesn't end at the first place, as another server has written it; then nothing is changed
   */
  apply(shard: string, between: { from: number; to: number }, changes: RunChange[], rest: RestChanges): Promise<boolean>
  /** Puts what is left of a run in the place of what was erased. */
  replace(id: string, left: { spec: ListedSpec; error?: Failure | undefined }): Promise<void>
  list(filter: RunFilter): Promise<AgentRun[]>
  readonly waiting: WaitingStore
  readonly budgets: BudgetStore
  readonly reviews: ReviewStore
  counts(tenant: string): Promise<Record<string, number>>
}

/**
 * Postgres schema `orchestrator`.
 *
 * @param texts keeps what was in a payload as private as the payload
 * @param version of the program: which runs are at rest is only taken from its own like
 */
export async function createRunStore(db: Db, texts: PrivateTexts, version: string): Promise<RunStore> {
  await migrate(db, 'orchestrator', MIGRATIONS)
  /** As it fits a column of type json. */
  async function sealed(tenant: string, about: string, value: object | undefined): Promise<string | undefined> {
    if (!value) return undefined
    const text = await texts.seal(tenant, about, JSON.stringify(value))
    return text.startsWith('{') ? text : JSON.stringify(text)
  }
  const opened = <T>(about: string, stored: T | string): T =>
    typeof stored === 'string' ? JSON.parse(texts.open(about, stored)) : stored
  const sealedChange = async ({ spec, error, ...change }: RunChange): Promise<SealedChange> => ({
    ...change,
    agentId: spec?.agentId,
    priority: spec?.priority,
    skill: spec && traitsOf(spec).skill,
    deadline: spec?.deadline,
    startAt: spec?.startAt,
    spec: await sealed(change.tenant, specOf(change.id), spec),
    error: await sealed(change.tenant, errorOf(change.id), error),
  })
  const runOf = ({ id, spec: storedSpec, state, started_at, finished_at, error }: RunRow): AgentRun => {
    const { runId: _runId, plan: _plan, ...spec } = opened(specOf(id), storedSpec)
    return {
      ...spec,
      id,
      state,
      ...(started_at && { startedAt: started_at }),
      ...(finished_at && { finishedAt: finished_at }),
      ...(error && { error: opened(errorOf(id), error) }),
    }
  }
  return {
    async next(shard) {
      const { rows } = await db.query<{ next: string }>('select next from orchestrator.cursor where shard = $1', [
        shard,
      ])
      return Number(rows[0]?.next ?? 0)
    },
    async apply(shard, between, changes, rest) {
      return applyChanges(db, shard, between, await Promise.all(changes.map(sealedChange)), { ...rest, version })
    },
    async replace(id, { spec, error }) {
      const left = [await sealed(spec.tenant, specOf(id), spec), await sealed(spec.tenant, errorOf(id), error)]
      await db.query('update orchestrator.run set spec = $2, error = $3 where id = $1', [id, ...left])
    },
    async list(filter) {
      const { text, values } = listQuery(filter)
      const { rows } = await db.within(filter.tenant).query<RunRow>(text, values)
      return rows.map(runOf)
    },
    waiting: createWaitingStore(db, version),
    budgets: createBudgetStore(db),
    reviews: createReviewStore(db),
    async counts(tenant) {
      const { rows } = await db
        .within(tenant)
        .query<{ state: string; runs: string }>(
          'select state, runs from orchestrator.tally where tenant = $1 and runs > 0',
          [tenant],
        )
      return Object.fromEntries(rows.map(({ state, runs }) => [state, Number(runs)]))
    },
  }
}

const specOf = (id: string): string => `the spec of run ${id}`
const errorOf = (id: string): string => `the error of run ${id}`

interface RunRow {
  id: string
  spec: ListedSpec | string
  state: RunState
  started_at: string | null
  finished_at: string | null
  error: Failure | string | null
}
