import type { Clock, Log } from '@azora/base'
import type { Journal } from '@azora/journal'
import type { WaitingStore } from '../store/waiting.ts'
import { createDoor, type Door } from './door.ts'
import { followLimits, type LimitsInForce } from './limits.ts'
import { type RecoveryDeps, recoverWaiting } from './recovery.ts'

export interface OpenAdmissionDeps {
  journal: Pick<Journal, 'append' | 'last' | 'status' | 'subscribe'>
  store: WaitingStore
  clock: Clock
  log: Log
}

/** The limits in force, and the door that holds them. */
export interface OpenAdmission {
  limits: LimitsInForce
  door: Door
  /** Takes up every run that has not ended. */
  takeUp(taker: RecoveryDeps['taker']): void
  close(): void
}

/** @param deps whose store holds all that the journal holds now */
export async function openAdmission({ journal, store, clock, log }: OpenAdmissionDeps): Promise<OpenAdmission> {
  const limits = await followLimits(journal)
  const beforeIndex = journal.status().size
  const waiting = await store.counts()
  const door = createDoor({ journal, limits: () => limits.view().limits, clock, waiting })
  let stopRecovery = (): void => {}
  return {
    limits,
    door,
    takeUp(taker) {
      stopRecovery = recoverWaiting({ store, taker, clock, log, beforeIndex })
    },
    close() {
      stopRecovery()
      door.close()
      limits.close()
    },
  }
}
