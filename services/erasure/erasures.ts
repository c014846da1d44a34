import { AzoraError } from '@azora/base'
import type { ErasurePreview, ErasureRequest, ErasureSelection, ErasureView } from '@azora/contracts'
import type { Draft, Journal } from '@azora/journal'
import { digestOf } from '@azora/proof'
import type { SelectedByPeople } from './candidates.ts'
import { planErasure } from './plan.ts'
import { erasuresIn } from './record.ts'
import { assertSigned, type Eraser } from './signed.ts'
import { createWorker, type Worker, type WorkerDeps } from './worker.ts'

export type { Eraser } from './signed.ts'
export type { Derived, ErasedRun } from './worker.ts'

export interface ErasuresDeps extends WorkerDeps {
  journal: WorkerDeps['journal'] & Pick<Journal, 'within' | 'status' | 'states'>
}

/** Lawful erasure: what is selected, confirmed and signed goes for good, and that it went stays on record. */
export interface Erasures {
  /** What would be erased; nothing is. Throws what {@link planErasure} throws. */
  preview(tenant: string, selection: ErasureSelection): Promise<ErasurePreview>
  /**
   * Erases exactly what the person saw and signed. Resolves when it is done, or on record and still going on.
   *
   * @throws AzoraError `signature_invalid`, `erasure_changed`, `erasure_busy` and what {@link planErasure} throws
   */
  erase(person: Eraser, request: ErasureRequest): Promise<ErasureView>
  /** In the order of the log. */
  list(tenant: string, query: { limit: number; cursor?: number | undefined }): Promise<ErasurePage>
  /** Throws `erasure_not_found`. */
  show(tenant: string, erasureId: string): Promise<ErasureView>
  readonly worker: Worker
  /** Resolves when what an earlier server began is finished. */
  readonly resumed: Promise<void>
  stop(): Promise<void>
}

export interface ErasurePage {
  items: ErasureView[]
  next?: string
}

/** After that long an erasure is answered as it stands. */
const ANSWER_MS_MAX = 30_000

/** Finishes what an earlier server began, in the background. */
export function createErasures(deps: ErasuresDeps): Erasures {
  const { journal, clock, log } = deps
  const worker = createWorker(deps)
  const resumed = worker.resume().then(
    () => undefined,
    (err) => log.error({ err }, 'an interrupted erasure could not be finished'),
  )

  async function draftOf({ tenant, id }: Eraser, request: ErasureRequest): Promise<Draft<'erasure.requested'>> {
    const { statement } = request
    const plan = await planErasure(journal, tenant, byPeople(statement.selection))
    if (plan.digest !== statement.digest || digestOf(plan.entries) !== digestOf(statement.entries)) throw changed()
    const key = `erasure:${statement.erasureId}`
    return { kind: 'erasure.requested', tenant, actor: id, payload: { ...request, count: plan.count }, key }
  }

  const find = async (tenant: string, erasureId: string): Promise<ErasureView> => {
    for await (const view of erasuresIn(journal, -1))
      if (view.erasureId === erasureId && view.tenant === tenant) return view
    throw new AzoraError('missing', 'erasure_not_found', `there is no erasure ${erasureId}`, {
      remedy: 'List them: azora audit erasures',
    })
  }

  return {
    worker,
    resumed,
    preview: async (tenant, selection) => planErasure(journal, tenant, byPeople(selection)),
    async erase(person, request) {
      assertSigned(request, person, clock)
      if (request.statement.shard !== journal.status().shard) throw changed()
      const begun = await worker.begin(() => draftOf(person, request))
      if (begun) await Promise.race([begun.done, after(ANSWER_MS_MAX)])
      return find(person.tenant, request.statement.erasureId)
    },
    async list(tenant, { limit, cursor = -1 }) {
      const items: ErasureView[] = []
      for await (const view of erasuresIn(journal, cursor)) {
        if (view.tenant !== tenant) continue
        if (items.length === limit) return { items, next: String(items.at(-1)?.index) }
        items.push(view)
      }
      return { items }
    },
    show: find,
    stop: () => worker.stop(),
  }
}

function byPeople(selection: ErasureSelection): SelectedByPeople {
  if (selection.by !== 'retention') return selection
  throw new AzoraError('fix', 'invalid_request', 'only a retention rule selects by class and age', {
    remedy: 'Set a rule: azora audit retention set',
  })
}

const changed = (): AzoraError =>
  new AzoraError('conflict', 'erasure_changed', 'the statement is not about what would be erased now', {
    remedy: 'Look at the preview again, and sign that.',
  })

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())
