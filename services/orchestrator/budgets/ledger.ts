import { type Amounts, type Entry, isErased, isTerminal, NODE_GONE } from '@azora/contracts'
import { chargeOf, mostOf, sumOf, without } from './amounts.ts'

/** A reservation on record that is not settled. */
export interface Open {
  step: string
  subjects: string[]
  /** Time of the permission, in whose periods it counts. */
  at: string
  most: Amounts
}

/** What subjects have used and reserved in each period, as the journal tells it. */
export interface Ledger {
  apply(entry: Entry): void
  used(subject: string, period: string): Amounts
  reserved(subject: string, period: string): Amounts
  subjects(): Iterable<string>
  /** What has changed since it was last asked. */
  changes(): LedgerChanges
  /** Takes changes that could not be kept back as changes. */
  again(changes: LedgerChanges): void
}

export interface LedgerChanges {
  used: Array<{ subject: string; period: string; amounts: Amounts }>
  /** Runs with reservations; none left where they are empty. */
  open: Array<{ run: string; reservations: Open[] }>
}

/** The periods that a time in ISO 8601 lies in, in UTC. */
export const periodsAt = (at: string) => ({ day: at.slice(0, 10), month: at.slice(0, 7), total: 'total' }) as const

/** @param principal who proposes; one who is no agent has no budget of its own */
export function subjectsOf({ tenant, principal }: { tenant: string; principal: string }): string[] {
  const agent = /^agent:([^@]+)@/.exec(principal)?.[1]
  return [`tenant:${tenant}`, ...(agent === undefined ? [] : [`agent:${agent}`])]
}

const keyOf = (subject: string, period: string): string => `${period} ${subject}`

export function createLedger(kept: LedgerChanges): Ledger {
  const used = new Map(kept.used.map(({ subject, period, amounts }) => [keyOf(subject, period), amounts]))
  const reserved = new Map<string, Amounts>()
  const open = new Map(kept.open.map(({ run, reservations }) => [run, reservations]))
  const changedKeys = new Set<string>()
  const changedRuns = new Set<string>()
  for (const reservations of open.values()) for (const one of reservations) reserve(one)

  function eachKey({ subjects, at }: Open, change: (key: string) => void): void {
    for (const subject of subjects) for (const period of Object.values(periodsAt(at))) change(keyOf(subject, period))
  }
  function reserve(one: Open): void {
    eachKey(one, (key) => reserved.set(key, sumOf(reserved.get(key), one.most)))
  }
  function settle(one: Open, charge: Amounts): void {
    eachKey(one, (key) => {
      const rest = without(reserved.get(key) ?? {}, one.most)
      if (Object.keys(rest).length > 0) reserved.set(key, rest)
      else reserved.delete(key)
      used.set(key, sumOf(used.get(key), charge))
      changedKeys.add(key)
    })
  }
  function keep(run: string, left: Open[]): void {
    if (left.length > 0) open.set(run, left)
    else open.delete(run)
    changedRuns.add(run)
  }
  /** The last attempt at the step took so much; those before, of which nobody knows, as much as they might. */
  function end(run: string, ends: (one: Open) => boolean, chargeLast: (most: Amounts) => Amounts): void {
    const all = open.get(run)
    if (!all?.some(ends)) return
    const ended = all.filter(ends)
    const last = ended.at(-1)
    for (const one of ended) settle(one, one === last ? chargeLast(one.most) : one.most)
    keep(
      run,
      all.filter((one) => !ends(one)),
    )
  }
  function applyKnown(run: string, { header, payload }: Entry): void {
    if (header.kind === 'action.verified' && 'action' in payload && 'permission' in payload && payload.permission) {
      const { action } = payload
      const one = { step: action.stepId, subjects: subjectsOf(action), at: header.at, most: mostOf(action) }
      reserve(one)
      keep(run, [...(open.get(run) ?? []), one])
    } else if (header.kind === 'action.finished' && 'outcome' in payload && 'actionDigest' in payload) {
      const { stepId, outcome } = payload
      end(
        run,
        ({ step }) => step === stepId,
        (most) => chargeOf(outcome, most),
      )
    } else if (header.kind === 'action.refused' && 'node' in payload && 'error' in payload) {
      // The node went away before it was asked, so nothing was done.
      if (payload.error?.code !== NODE_GONE || !('stepId' in payload)) return
      const last = open.get(run)?.findLast(({ step }) => step === payload.stepId)
      end(
        run,
        (one) => one === last,
        () => ({}),
      )
    }
  }

  return {
    apply(entry) {
      const { run, transition } = entry.header
      if (!run) return
      if (!isErased(entry)) applyKnown(run, entry)
      if (!transition || !isTerminal(transition.to)) return
      for (const { step } of open.get(run) ?? [])
        end(
          run,
          (one) => one.step === step,
          (most) => most,
        )
    },
    used: (subject, period) => used.get(keyOf(subject, period)) ?? {},
    reserved: (subject, period) => reserved.get(keyOf(subject, period)) ?? {},
    *subjects() {
      for (const key of new Set([...used.keys(), ...reserved.keys()])) {
        if (key.startsWith('total ')) yield key.slice('total '.length)
      }
    },
    changes() {
      const changes = {
        used: [...changedKeys].map((key) => {
          const at = key.indexOf(' ')
          return { period: key.slice(0, at), subject: key.slice(at + 1), amounts: used.get(key) ?? {} }
        }),
        open: [...changedRuns].map((run) => ({ run, reservations: open.get(run) ?? [] })),
      }
      changedKeys.clear()
      changedRuns.clear()
      return changes
    },
    again(changes) {
      for (const { subject, period } of changes.used) changedKeys.add(keyOf(subject, period))
      for (const { run } of changes.open) changedRuns.add(run)
    },
  }
}
