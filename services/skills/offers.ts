import { ENTRY_PAYLOADS, type EntryPayload } from '@azora/contracts'
import { compareVersions } from './version.ts'

export type Kind = 'skill' | 'agent'

/** What the catalogue held from an entry of the journal on. */
export interface Offer {
  /** Index of the entry. */
  since: number
  payload: EntryPayload<'catalog.offered'>
}

/** The catalogue through time, as the journal has it. */
export interface Offers {
  add(offer: Offer): void
  last(): Offer | undefined
  /**
   * What a run uses that begins with the entry of this index: what was offered before it. A run from before the first offer
   * uses that one as soon as it is there.
   *
   * @param now index of the entry before which this is asked
   */
  for(index: number, now: number): Offer | undefined
  /** Those that a run may use which begins with the entry of this index, or later. */
  from(index: number): Offer[]
}

export function createOffers(): Offers {
  /** The oldest first. */
  const offers: Offer[] = []
  const before = (index: number): number => offers.findLastIndex(({ since }) => since < index)
  return {
    add: (offer) => void offers.push(offer),
    last: () => offers.at(-1),
    for(index, now) {
      const [first] = offers
      return offers[before(index)] ?? (first && first.since < now ? first : undefined)
    },
    from: (index) => offers.slice(Math.max(0, before(index))),
  }
}

/** The newest version that is offered, or the one that is named if it is. */
export function versionIn({ payload }: Offer, kind: Kind, id: string, version?: string): string | undefined {
  const versions = payload[kind === 'skill' ? 'skills' : 'agents'][id] ?? []
  if (version !== undefined) return versions.includes(version) ? version : undefined
  return versions.toSorted(compareVersions).at(-1)
}

/** The offer of all these, in the order of their names. */
export const offerOf = (
  skills: ReadonlyArray<{ skillId: string; version: string }>,
  agents: ReadonlyArray<{ agentId: string; version: string }>,
): EntryPayload<'catalog.offered'> => ({
  skills: byName(skills.map(({ skillId, version }) => [skillId, version])),
  agents: byName(agents.map(({ agentId, version }) => [agentId, version])),
})

function byName(all: ReadonlyArray<readonly [string, string]>): Record<string, string[]> {
  const versions: Record<string, string[]> = {}
  for (const [id, version] of all) versions[id] = [...(versions[id] ?? []), version]
  return Object.fromEntries(
    Object.entries(versions)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, some]) => [id, some.toSorted(compareVersions)]),
  )
}

/** @param payload as it is stored */
export const offerIn = (index: number, payload: string | null): Offer | undefined => {
  const { data } = ENTRY_PAYLOADS['catalog.offered'].safeParse(JSON.parse(payload ?? 'null'))
  return data && { since: index, payload: data }
}
