import type { Clock, Log } from '@azora/base'
import { createDispatcher, createLeasing, type Dispatcher } from '@azora/execution'
import type { Journal } from '@azora/journal'
import type { Secrets } from '@azora/secrets'
import { announceRotations, keysOf } from './journal-keys.ts'
import { createLiveOutput, type LiveOutput } from './live-output.ts'
import { recordRefusalIn } from './record-refusal.ts'

export interface OpenDispatchingDeps {
  journal: Journal
  secrets: Secrets
  clock: Clock
  log: Log
}

/** Actions on their way to nodes, and what they print meanwhile. */
export function openDispatching(deps: OpenDispatchingDeps): { dispatcher: Dispatcher; live: LiveOutput } {
  const { journal, secrets, clock, log } = deps
  const live = createLiveOutput()
  const dispatcher = createDispatcher({
    log,
    recordRefusal: recordRefusalIn(journal),
    keyChain: () => journal.keyChain(),
    onOutput: ({ runId, stepId }, stream, text) => live.publish(runId, { stepId, stream, text }),
    leasing: createLeasing({ lender: secrets, journal: keysOf(journal), clock, log }),
  })
  journal.subscribe(announceRotations(dispatcher))
  return { dispatcher, live }
}
