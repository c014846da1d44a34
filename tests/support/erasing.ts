import { randomUUID } from 'node:crypto'
import { type Clock, silentLog, systemClock } from '@azora/base'
import type { ErasurePreview, ErasureRequest, ErasureStatement } from '@azora/contracts'
import { createErasures, type Derived, type Erasures } from '@azora/erasure'
import type { Journal } from '@azora/journal'
import { signStatement } from '@azora/proof'
import type { Person } from './people.ts'

/** What a person sends to have erased what the preview shows. */
export function erasureOf(
  { id, signer }: Pick<Person, 'id' | 'signer'>,
  { shard, selection, entries, digest }: ErasurePreview,
  change: Partial<ErasureStatement> = {},
): ErasureRequest {
  const statement: ErasureStatement = {
    type: 'azora.erasure.v1',
    erasureId: randomUUID(),
    shard,
    selection,
    entries,
    digest,
    rule: 'GDPR Art. 17',
    reason: 'the person asked for it',
    by: id,
    at: new Date().toISOString(),
    ...change,
  }
  return signStatement(statement, signer)
}

/** Erasures that try again at once what failed. */
export const startErasures = (
  journal: Journal,
  derived: readonly Derived[] = [],
  clock: Clock = systemClock,
): Erasures => createErasures({ journal, derived, clock, log: silentLog, retryMs: () => 10 })
