import { type Clock, type Log, timestamp, toAzoraError, uuidv7 } from '@azora/base'
import type { RetentionRequest, RetentionRun, RetentionView } from '@azora/contracts'
import type { Draft, Journal } from '@azora/journal'
import { plannedOf } from '../plan.ts'
import { assertSigned, type Eraser } from '../signed.ts'
import type { Worker } from '../worker.ts'
import { dueIn } from './due.ts'
import { readRules } from './rules.ts'

export interface RetentionDeps {
  journal: Pick<Journal, 'append' | 'scan' | 'states' | 'status' | 'subscribe'>
  worker: Pick<Worker, 'begin'>
  clock: Clock
  log: Log
  /** Time between two passes. */
  everyMs?: number | undefined
}

/** Erases payloads by their age, under rules that are on record. */
export interface Retention {
  rules(tenant: string): RetentionView[]
  /** Sets or removes the rule of a class. Throws `signature_invalid`. */
  set(person: Eraser, request: RetentionRequest): Promise<RetentionView[]>
  /** One pass over a tenant's rules. Throws `erasure_busy`. */
  run(tenant: string, options: { dryRun: boolean }): Promise<RetentionRun[]>
  stop(): Promise<void>
}

const SYSTEM = 'system:retention'
const DAY_MS = 86_400_000
const EVERY_MS = 3_600_000
/** A pass that left something is followed by the next one soon, and lets others have their turn between. */
const SOON_MS = 1_000
/** What one erasure takes at most, and how many erasures one pass makes for a rule. */
const ENTRIES_MAX = 5_000
const ERASURES_MAX = 10

/** Applies the rules from now on: at once, then periodically. */
export async function createRetention(deps: RetentionDeps): Promise<Retention> {
  const { journal, worker, clock, log, everyMs = EVERY_MS } = deps
  const rules = await readRules(journal)
  /** By tenant and class, up to where nothing is left; it only saves looking again. */
  const cleared = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let passing: Promise<unknown> = Promise.resolve()

  async function apply(tenant: string, rule: RetentionView, dryRun: boolean): Promise<RetentionRun> {
    const before = timestamp(clock.now() - rule.days * DAY_MS)
    const name = `${tenant}/${rule.class}`
    const look = () =>
      dueIn(journal, { tenant, class: rule.class, before, after: cleared.get(name) ?? -1, limit: ENTRIES_MAX })
    const total = new Map<string, number>()
    let more = true
    for (let erasures = 0; more && erasures < (dryRun ? 1 : ERASURES_MAX) && !stopped; erasures += 1) {
      const due = await look()
      more = due.more
      const plan = plannedOf(due.headers)
      for (const { kind, count } of plan.byKind) total.set(kind, (total.get(kind) ?? 0) + count)
      if (dryRun) break
      if (plan.count > 0) await eraseDue(tenant, rule, before, look)
      cleared.set(name, due.clearedTo)
    }
    const byKind = [...total].map(([kind, count]) => ({ kind, count }))
    const count = byKind.reduce((sum, one) => sum + one.count, 0)
    return { class: rule.class, rule: rule.rule, before, count, byKind, more }
  }

  /** Looks again when its turn has come: a person may have erased some of it meanwhile. */
  async function eraseDue(
    tenant: string,
    { class: name, rule, days }: RetentionView,
    before: string,
    look: () => ReturnType<typeof dueIn>,
  ): Promise<void> {
    const begun = await worker.begin(async (): Promise<Draft<'erasure.requested'> | undefined> => {
      const { entries, digest, count } = plannedOf((await look()).headers)
      if (count === 0) return undefined
      const now = clock.now()
      const statement = {
        type: 'azora.erasure.v1' as const,
        erasureId: uuidv7(now),
        shard: journal.status().shard,
        selection: { by: 'retention' as const, class: name, before },
        entries,
        digest,
        rule,
        reason: `older than ${days} days`,
        by: SYSTEM,
        at: timestamp(now),
      }
      return { kind: 'erasure.requested', tenant, actor: SYSTEM, payload: { statement, count } }
    })
    await begun?.done
  }

  async function pass(): Promise<void> {
    let more = false
    for (const tenant of rules.tenants()) {
      for (const rule of rules.of(tenant)) {
        if (stopped) return
        more = (await apply(tenant, rule, false)).more || more
      }
    }
    plan(more ? SOON_MS : everyMs)
  }

  function plan(waitMs: number): void {
    clearTimeout(timer)
    if (stopped) return
    timer = setTimeout(() => {
      passing = pass().catch((thrown) => {
        log.warn({ err: toAzoraError(thrown) }, 'the retention rules could not be applied; they are tried again')
        plan(everyMs)
      })
    }, waitMs).unref()
  }

  plan(0)
  return {
    rules: rules.of,
    async set(person, request) {
      assertSigned(request, person, clock)
      const kind = request.statement.days === null ? 'retention.removed' : 'retention.set'
      await journal.append({ kind, tenant: person.tenant, actor: person.id, payload: request })
      plan(SOON_MS)
      return rules.of(person.tenant)
    },
    async run(tenant, { dryRun }) {
      const runs: RetentionRun[] = []
      for (const rule of rules.of(tenant)) runs.push(await apply(tenant, rule, dryRun))
      return runs
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      rules.close()
      await passing
    },
  }
}
