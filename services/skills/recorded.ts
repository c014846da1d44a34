import { AgentManifest, ENTRY_PAYLOADS, type JsonObject, SkillManifest } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { createOffers, type Kind, type Offer, type Offers, offerIn, versionIn } from './offers.ts'
import { notFound, notFoundThen } from './shelf.ts'
import type { ManifestKey, ManifestStore } from './store/manifests.ts'
import type { InputValidator } from './validator.ts'
import { compareVersions } from './version.ts'

/** What decides about a run asks of the registry. */
export interface RegistryView {
  /** The newest version when none is named. Throws `skill_not_found`. */
  skill(skillId: string, version?: string): SkillManifest
  /** The newest version when none is named. Throws `agent_not_found`. */
  agent(agentId: string, version?: string): AgentManifest
  /** Throws `invalid_input`. */
  checkSkillInput(skill: SkillManifest, input: JsonObject): void
}

/** What a run sees. */
export interface RunView extends RegistryView {
  /** What was offered to it is on record. */
  readonly isOffered: boolean
}

/** The registry through time, also with what the catalogue has no more. */
export interface RecordedRegistry {
  /**
   * What a run sees that began with the journal's entry of this index.
   *
   * @param now index of the entry before which it is asked; now when absent. It matters to runs that began before offers
   * went on record: these saw all that was registered.
   */
  at(index: number, now?: number): RunView
  /** Versions that were ever registered. */
  skill(skillId: string, version: string): SkillManifest | undefined
  agent(agentId: string, version: string): AgentManifest | undefined
}

/** The same, as it grows. */
export interface GrowingRegistry extends RecordedRegistry {
  readonly offers: Offers
  /** @param since index of the entry that says so */
  add(key: ManifestKey, manifest: unknown, since: number): void
}

interface Kept {
  version: string
  /** As it was stored; parsed when it is asked for. */
  manifest: unknown
  since: number
}

export async function createRecorded({
  journal,
  store,
  validator,
}: {
  journal: Pick<Journal, 'scan'>
  store: ManifestStore
  validator: InputValidator
}): Promise<GrowingRegistry> {
  const { since, offers } = await readLog(journal)
  const all = { skill: new Map<string, Kept[]>(), agent: new Map<string, Kept[]>() }
  const parsed = new WeakMap<Kept, SkillManifest | AgentManifest>()

  const add: GrowingRegistry['add'] = ({ kind, id, version }, manifest, index) => {
    const known = all[kind].get(id) ?? []
    if (!known.some((kept) => kept.version === version))
      all[kind].set(id, [...known, { version, manifest, since: index }])
  }
  for (const { manifest, ...key } of await store.all()) {
    const index = since.get(nameOf(key.kind, key.id, key.version))
    if (index !== undefined) add(key, manifest, index)
  }

  const manifestOf = <T extends SkillManifest | AgentManifest>(kept: Kept, schema: { parse(value: unknown): T }): T => {
    const manifest = parsed.get(kept) ?? schema.parse(kept.manifest)
    parsed.set(kept, manifest)
    return manifest as T
  }
  const named = (kind: Kind, id: string, version: string): Kept | undefined =>
    all[kind].get(id)?.find((kept) => kept.version === version)

  /** Where no offer is on record, all that was registered counts. */
  function find(kind: Kind, id: string, version: string | undefined, offer: Offer | undefined, now: number): Kept {
    if (offer) {
      const found = versionIn(offer, kind, id, version)
      const kept = found === undefined ? undefined : named(kind, id, found)
      if (kept) return kept
      throw notFoundThen(kind, id, version)
    }
    const known = (all[kind].get(id) ?? []).filter(({ since }) => since < now)
    const [newest] = known.toSorted((a, b) => compareVersions(b.version, a.version))
    const kept = version === undefined ? newest : known.find((one) => one.version === version)
    if (kept) return kept
    throw notFound(kind, id, version)
  }

  const skill: RecordedRegistry['skill'] = (id, version) => {
    const kept = named('skill', id, version)
    return kept && manifestOf(kept, SkillManifest)
  }
  const agent: RecordedRegistry['agent'] = (id, version) => {
    const kept = named('agent', id, version)
    return kept && manifestOf(kept, AgentManifest)
  }
  return {
    offers,
    add,
    at(index, now = Number.POSITIVE_INFINITY) {
      const offer = offers.for(index, now)
      return {
        isOffered: offer !== undefined,
        skill: (id, version) => manifestOf(find('skill', id, version, offer, now), SkillManifest),
        agent: (id, version) => manifestOf(find('agent', id, version, offer, now), AgentManifest),
        checkSkillInput: (some, input) => validator.check(`${some.skillId}@${some.version}`, some.inputSchema, input),
      }
    },
    skill,
    agent,
  }
}

const nameOf = (kind: string, id: string, version: string): string => `${kind} ${id}@${version}`

/** Index of the entry by which each version was first registered, and all offers. */
async function readLog(journal: Pick<Journal, 'scan'>): Promise<{ since: Map<string, number>; offers: Offers }> {
  const since = new Map<string, number>()
  const offers = createOffers()
  for (let after = -1; ; ) {
    const page = await journal.scan(['skill.registered', 'agent.registered', 'catalog.offered'], after)
    const last = page.at(-1)
    if (!last) return { since, offers }
    after = last.index
    for (const { kind, index, payload } of page) {
      const offer = kind === 'catalog.offered' ? offerIn(index, payload) : undefined
      if (offer) offers.add(offer)
      const name = kind === 'skill.registered' ? skillIn(payload) : kind === 'agent.registered' ? agentIn(payload) : ''
      if (name && !since.has(name)) since.set(name, index)
    }
  }
}

/** Undefined when it was erased. */
function skillIn(payload: string | null): string | undefined {
  const parsed = ENTRY_PAYLOADS['skill.registered'].safeParse(JSON.parse(payload ?? 'null'))
  return parsed.success ? nameOf('skill', parsed.data.skillId, parsed.data.version) : undefined
}

function agentIn(payload: string | null): string | undefined {
  const parsed = ENTRY_PAYLOADS['agent.registered'].safeParse(JSON.parse(payload ?? 'null'))
  return parsed.success ? nameOf('agent', parsed.data.agentId, parsed.data.version) : undefined
}
