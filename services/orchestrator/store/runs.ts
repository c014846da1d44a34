import { fileURLToPath } from 'node:url'
import { type Db, migrate } from '@azora/base/db'
import type { AgentRun, Failure, RunSpec, RunState } from '@azora/contracts'
import type { PrivateTexts } from '@azora/journal'
import { traitsOf } from '../admission/traits.ts'
import { listQuery, type RunFilter } from './list-query.ts'
import { createWaitingStore, type WaitingStore } from './waiting.ts'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

/** A run's spec as the list keeps it. */
export type ListedSpec = RunSpec & { erased?: true }

/** What one page of entries changes about one run; absent fields stay. */
export interface RunChange {
  id: string
  tenant: string
  spec?: ListedSpec
  state?: RunState
  startedAt?: string
  finishedAt?: string
  error?: Failure
  index: number
}

export interface RunStore {
  next(shard: string): Promise<number>
  /** Applies the changes and moves the cursor, both or neither. */
  apply(shard: string, next: number, changes: RunChange[]): Promise<void>
  /** Puts what is left of a run in the place of what was erased. */
  replace(id: string, left: { spec: ListedSpec; error?: Failure | undefined }): Promise<void>
  list(filter: RunFilter): Promise<AgentRun[]>
  readonly waiting: WaitingStore
  counts(tenant: string): Promise<Record<string, number>>
}

/**
 * Postgres schema `orchestrator`.
 *
 * @param texts keeps what was in a payload as private as the payload
 */
export async function createRunStore(db: Db, texts: PrivateTexts): Promise<RunStore> {
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
    apply: async (shard, next, changes) => apply(db, shard, next, await Promise.all(changes.map(sealedChange))),
    async replace(id, { spec, error }) {
      const left = [await sealed(spec.tenant, specOf(id), spec), await sealed(spec.tenant, errorOf(id), error)]
      await db.query('update orchestrator.run set spec = $2, error = $3 where id = $1', [id, ...left])
    },
    async list(filter) {
      const { text, values } = listQuery(filter)
      const { rows } = await db.query<RunRow>(text, values)
      return rows.map(runOf)
    },
    waiting: createWaitingStore(db),
    async counts(tenant) {
      const { rows } = await db.query<{ state: string; count: string }>(
        'select state, count(*) from orchestrator.run where tenant = $1 group by state',
        [tenant],
      )
      return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]))
    },
  }
}

const specOf = (id: string): string => `the spec of run ${id}`
const errorOf = (id: string): string => `the error of run ${id}`

/** A change as it is stored. */
interface SealedChange extends Omit<RunChange, 'spec' | 'error'> {
  spec: string | undefined
  agentId: string | undefined
  priority: number | undefined
  skill: string | undefined
  deadline: string | undefined
  startAt: string | undefined
  error: string | undefined
}

interface RunRow {
  id: string
  spec: ListedSpec | string
  state: RunState
  started_at: string | null
  finished_at: string | null
  error: Failure | string | null
}

async function apply(db: Db, shard: string, next: number, changes: SealedChange[]): Promise<void> {
  const fresh = changes.filter((change) => change.spec)
  const later = changes.filter((change) => !change.spec)
  await db.transaction(async (tx) => {
    for (const change of fresh) {
      const { id, tenant, agentId, priority, spec, state, startedAt, finishedAt, error, index } = change
      const { skill, deadline, startAt } = change
      await tx.query(
        `insert into orchestrator.run
           (id, tenant, agent_id, state, priority, spec, started_at, finished_at, error, index, skill, deadline, start_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (id) do update set state = excluded.state, started_at = excluded.started_at,
           finished_at = excluded.finished_at, error = excluded.error, index = excluded.index
         where orchestrator.run.index < excluded.index`,
        [
          ...[id, tenant, agentId, state, priority, spec, startedAt, finishedAt, error, index],
          ...[skill, deadline, startAt],
        ],
        'orchestrator.insert',
      )
    }
    for (const { id, state, startedAt, finishedAt, error, index } of later) {
      await tx.query(
        `update orchestrator.run set state = coalesce($2, state), started_at = coalesce(started_at, $3),
           finished_at = coalesce($4, finished_at), error = coalesce($5, error), index = $6 where id = $1 and index < $6`,
        [id, state, startedAt, finishedAt, error, index],
        'orchestrator.update',
      )
    }
    await tx.query(
      'insert into orchestrator.cursor (shard, next) values ($1, $2) on conflict (shard) do update set next = excluded.next',
      [shard, next],
    )
  })
}
