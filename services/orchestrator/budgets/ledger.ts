import { type Amounts, type Entry, isErased } from '@azora/contracts'
import { mostOf, sumOf, without } from './amounts.ts'
import { permittedIn, type Reservation, settledAtEnd, settledBy } from './settle.ts'

/** A reservation, with the budgets that it counts in. */
export interface Open extends Reservation {
  subjects: string[]
  /** Time of the permission, in whose periods it counts. */
  at: string
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
  let month = ''
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
  /** Once a month leaves out what is older than the last one. */
  function forget(at: string): void {
    const now = periodsAt(at).month
    if (now <= month) return
    month = now
    const [year = 0, number = 0] = now.split('-').map(Number)
    const oldest = new Date(Date.UTC(year, number - 2)).toISOString().slice(0, 7)
    for (const key of used.keys()) {
      if (key >= oldest) continue
      used.delete(key)
      changedKeys.delete(key)
    }
  }
  function keep(run: string, left: Open[]): void {
    if (left.length > 0) open.set(run, left)
    else open.delete(run)
    changedRuns.add(run)
  }
  function settleAll(run: string, settled: Map<Open, Amounts>): void {
    if (settled.size === 0) return
    for (const [one, charge] of settled) settle(one, charge)
    keep(
      run,
      (open.get(run) ?? []).filter((one) => !settled.has(one)),
    )
  }

  return {
    apply(entry) {
      const { run, at } = entry.header
      if (!run) return
      forget(at)
      const all = open.get(run) ?? []
      if (isErased(entry)) return settleAll(run, settledAtEnd(all, entry.header))
      const action = permittedIn(entry)
      if (!action) return settleAll(run, settledBy(all, entry))
      const one = { step: action.stepId, subjects: subjectsOf(action), at, most: mostOf(action) }
      reserve(one)
      keep(run, [...all, one])
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
