import { AzoraError, type Log } from '@azora/base'
import { type ActivatedVersion, ActivateRequest, type Entry } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { checkRollback, checkStatement, tryLaw } from './activation.ts'
import { activatedVersion, wasInForce } from './history.ts'
import { type Enacted, type InForce, loadInForce, openUnder, shut } from './in-force.ts'
import type { VersionStore } from './store/versions.ts'

export interface ActivatorDeps {
  journal: Pick<Journal, 'append' | 'last' | 'scan' | 'subscribe'>
  store: VersionStore
  ownerKeys: readonly string[]
  /** Selects the layers of the law that hold in it. */
  environment?: string | undefined
  log: Log
}

/** Who asks for an activation; what counts is the owner's signature. */
export interface Asker {
  id: string
  tenant: string
}

/** Holds the one value that all judging hangs on, and replaces it. */
export interface Activator {
  inForce(): InForce
  activate(request: ActivateRequest, by: Asker): Promise<ActivatedVersion>
  /** Denies everything from now on. */
  shut(problem: string): void
}

const KIND = 'constitution.activated'

/** Takes up the law that the journal names, and follows it from then on. */
export async function createActivator(deps: ActivatorDeps): Promise<Activator> {
  const { journal, store, ownerKeys, environment, log } = deps
  /** Laws whose activation is under way, by digest. */
  const offered = new Map<string, Enacted>()
  let state = await loadInForce({ journal, store, ownerKeys, environment })

  function install(entry: Entry<typeof KIND>): void {
    const { constitution: digest, sequence } = entry.payload
    const enacted = offered.get(digest)
    offered.clear()
    state = enacted ? openUnder(enacted, entry) : shut('the law was activated elsewhere: restart', { sequence, digest })
    log.info({ constitution: digest, sequence }, 'a constitution is in force')
  }

  // In the order of the log, before anybody hears that the activation is durable.
  journal.subscribe((entries) => {
    for (const entry of entries) if (entry.header.kind === KIND) install(entry as Entry<typeof KIND>)
  })

  async function activate(given: ActivateRequest, by: Asker): Promise<ActivatedVersion> {
    const request = ActivateRequest.parse(given)
    const { files, ...signed } = request
    const { constitution, sequence, previous } = signed.statement
    checkStatement(request, state, ownerKeys)
    checkRollback(request, state, await wasInForce(journal, constitution))
    const enacted = await tryLaw(request, environment)
    await store.keep(constitution, files)
    offered.set(constitution, enacted)
    const payload = { ...signed, constitution, sequence, previous, articles: enacted.policies.length }
    const key = `constitution:${sequence}`
    const draft = { kind: KIND, tenant: by.tenant, actor: by.id, key, payload } as const
    const { header, duplicate } = await journal.append(draft)
    if (duplicate) throw lost(sequence)
    return activatedVersion(header, payload)
  }

  let last: Promise<unknown> = Promise.resolve()
  return {
    inForce: () => state,
    // One after the other: each has to follow the one before.
    activate(request, by) {
      const next = last.then(() => activate(request, by))
      last = next.catch(() => undefined)
      return next
    },
    shut(problem) {
      state = shut(problem, state.position)
    },
  }
}

const lost = (sequence: number): AzoraError =>
  new AzoraError('conflict', 'sequence_conflict', `another law was activated under number ${sequence}`, {
    remedy: 'See azora constitution show, then activate again.',
  })
