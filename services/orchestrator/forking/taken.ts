import type { Entry, TakenOver } from '@azora/contracts'

/** The entries that a run took over from another one, in the order of the log. */
export const takenFrom = ({ payload }: Entry<'run.scheduled'>): Entry[] =>
  // They were entries when they were taken over, and the log keeps them as they were.
  (payload.takenOver?.entries ?? []) as unknown as Entry[]

/** Entries in the form in which a run takes them over. */
export const asTaken = (entries: readonly Entry[]): TakenOver['entries'] =>
  entries.map(({ header, payload, salt }) => ({ header, payload, salt })) as unknown as TakenOver['entries']

/** What a run knows of itself: what it took over when it began, then its own entries without the first. */
export function historyOf([first, ...own]: readonly Entry[]): Entry[] {
  return first?.header.kind === 'run.scheduled' ? [...takenFrom(first as Entry<'run.scheduled'>), ...own] : own
}
