import { AzoraError } from '@azora/base'
import { AdmissionLimits, type AdmissionLimitsView, type Entry, type SetLimitsRequest } from '@azora/contracts'
import type { Journal } from '@azora/journal'

/** The limits in force: the last ones that the journal has. */
export interface LimitsInForce {
  view(): AdmissionLimitsView
  /** Durable and in force when it resolves. Throws `limits_changed`. */
  set(caller: { id: string; tenant: string }, request: SetLimitsRequest): Promise<AdmissionLimitsView>
  /** Calls the listener when others are in force. */
  onChange(listener: () => void): void
  close(): void
}

export async function followLimits(journal: Pick<Journal, 'append' | 'last' | 'subscribe'>): Promise<LimitsInForce> {
  const listeners: Array<() => void> = []
  let view: AdmissionLimitsView = { limits: AdmissionLimits.parse({}) }
  function take({ header, payload }: Entry<'limits.set'>): void {
    if (header.index <= (view.index ?? -1)) return
    view = {
      limits: AdmissionLimits.parse(payload.limits),
      index: header.index,
      by: header.actor,
      since: header.at,
    }
    for (const listener of listeners) listener()
  }
  const close = journal.subscribe((entries) => {
    for (const entry of entries) if (entry.header.kind === 'limits.set') take(entry as Entry<'limits.set'>)
  })
  const last = await journal.last('limits.set')
  if (last) take(last)

  return {
    view: () => view,
    async set({ id, tenant }, { limits: asked, replaces }) {
      if (replaces !== view.index) throw changed()
      const limits = AdmissionLimits.parse(asked)
      const { duplicate } = await journal.append({
        kind: 'limits.set',
        tenant,
        actor: id,
        payload: { limits },
        // Of two that replace the same limits, one is kept.
        key: `limits:${replaces ?? 'none'}`,
      })
      if (duplicate) throw changed()
      return view
    },
    onChange: (listener) => void listeners.push(listener),
    close,
  }
}

const changed = (): AzoraError =>
  new AzoraError('conflict', 'limits_changed', 'somebody else set the limits meanwhile', {
    remedy: 'Look at them again: azora limits show',
  })
