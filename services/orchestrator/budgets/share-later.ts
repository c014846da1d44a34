import { amountsOf, type Share } from '@azora/contracts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { hasEnded } from '../fold/step-state.ts'
import { difference, sumOf, times } from './amounts.ts'
import { limitsIn, type OwnUse, reservedBy } from './own.ts'
import { shareOf } from './share.ts'

/**
 * Lets children share limits that their run did not have when they were allowed to start: each gets as much of what is left as
 * each step that is still to begin. A child that is on record already is not bound by it, but what it gets is kept for it.
 */
export function shareNewLimits({ own, spec, steps }: Pick<RunFold, 'own' | 'spec' | 'steps'>): void {
  if (!own) return
  const heirs = [...steps.values()].filter(({ step, share }) => share && own.open.some((one) => one.step === step.id))
  const begun = new Set(own.open.map(({ step }) => step))
  const toBegin = [...steps].filter(([id, step]) => !begun.has(id) && !hasEnded(step)).length
  for (const [at, heir] of heirs.entries()) {
    const allowed = times(limitsIn(spec.budget), 1 + own.renewals)
    const left = difference(allowed, sumOf(own.used, reservedBy(own)))
    give(own, heir, heir.action ? shareOf(heir.action, spec.budget, left, toBegin + heirs.length - at) : {})
  }
}

function give(own: OwnUse, heir: StepFold, share: Share): void {
  const added: Share = Object.fromEntries(Object.entries(share).filter(([name]) => !(name in (heir.share ?? {}))))
  heir.share = { ...heir.share, ...added }
  own.open = own.open.map((one) =>
    one.step === heir.step.id ? { ...one, most: sumOf(one.most, amountsOf(added)) } : one,
  )
}
