import { randomBytes } from 'node:crypto'
import { type Clock, timestamp } from '@azora/base'
import { type Action, DEFAULT_SHARD, type Permission, RUN_START, type VerificationContext } from '@azora/contracts'
import { CHILD_SLOT } from '../children/slot.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { Slot } from '../ports.ts'
import type { AttemptDeps } from './deps.ts'

const PERMISSION_MS = 60_000

export const shardOf = ({ spec }: RunFold): string => spec.shard ?? DEFAULT_SHARD

/** A place on a node; undefined when people paused or cancelled the run meanwhile: nothing new begins then. */
export async function placeFor(
  { performer }: AttemptDeps,
  fold: RunFold,
  { codeDigest, skillId }: Action,
  signal: AbortSignal,
): Promise<Slot | undefined> {
  const need = { shard: shardOf(fold), codeDigest }
  const slot = skillId === RUN_START ? CHILD_SLOT : await performer.reserve(need, signal)
  if (slot && fold.state === 'running' && !signal.aborted) return slot
  slot?.release()
  return undefined
}

export const permitOn = ({ audience, isolation }: Slot, actionDigest: string, clock: Clock): Permission => ({
  actionDigest,
  expiresAt: timestamp(clock.now() + PERMISSION_MS),
  nonce: randomBytes(16).toString('hex'),
  audience,
  ...(isolation === 'none' && { isolation }),
})

/** True for a node without isolation where the verdict was told that there is one. */
export const isBarer = (slot: Slot, { isolation }: VerificationContext): boolean =>
  slot.isolation === 'none' && !isolation
