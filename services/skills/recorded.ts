import { AgentManifest, ENTRY_PAYLOADS, type JsonObject, SkillManifest } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { notFound } from './shelf.ts'
import type { ManifestStore } from './store/manifests.ts'
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

/** The registry as it was. */
export interface RecordedRegistry {
  /** As it was before the journal's entry of this index. */
  at(index: number): RegistryView
  /** A version that was ever registered. */
  agent(agentId: string, version: string): AgentManifest | undefined
}

interface Kept<T> {
  manifest: T
  /** Index of the entry that says so. */
  since: number
}

type Versions<T> = Map<string, Array<Kept<T>>>

export async function createRecorded({
  journal,
  store,
  validator,
}: {
  journal: Pick<Journal, 'scan'>
  store: ManifestStore
  validator: InputValidator
}): Promise<RecordedRegistry> {
  const since = await registrations(journal)
  const skills: Versions<SkillManifest> = new Map()
  const agents: Versions<AgentManifest> = new Map()
  for (const { kind, id, version, manifest } of await store.all()) {
    const index = since.get(nameOf(kind, id, version))
    if (index === undefined) continue
    if (kind === 'skill') add(skills, id, SkillManifest.parse(manifest), index)
    else add(agents, id, AgentManifest.parse(manifest), index)
  }
  return {
    at: (index) => ({
      skill: (id, version) => find('skill', skills, id, version, index),
      agent: (id, version) => find('agent', agents, id, version, index),
      checkSkillInput: (skill, input) => validator.check(`${skill.skillId}@${skill.version}`, skill.inputSchema, input),
    }),
    agent: (id, version) => agents.get(id)?.find(({ manifest }) => manifest.version === version)?.manifest,
  }
}

const nameOf = (kind: string, id: string, version: string): string => `${kind} ${id}@${version}`

function add<T>(versions: Versions<T>, id: string, manifest: T, since: number): void {
  versions.set(id, [...(versions.get(id) ?? []), { manifest, since }])
}

function find<T extends { version: string }>(
  kind: 'skill' | 'agent',
  all: Versions<T>,
  id: string,
  version: string | undefined,
  index: number,
): T {
  const known = (all.get(id) ?? []).filter(({ since }) => since < index).map(({ manifest }) => manifest)
  const [newest] = known.toSorted((a, b) => compareVersions(b.version, a.version))
  const found = version === undefined ? newest : known.find((manifest) => manifest.version === version)
  if (found) return found
  throw notFound(kind, id, version)
}

/** Index of the entry by which each version was first registered. */
async function registrations(journal: Pick<Journal, 'scan'>): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (let after = -1; ; ) {
    const page = await journal.scan(['skill.registered', 'agent.registered'], after)
    const last = page.at(-1)
    if (!last) return found
    after = last.index
    for (const { kind, index, payload } of page) {
      const name = kind === 'skill.registered' ? skillIn(payload) : agentIn(payload)
      if (name !== undefined && !found.has(name)) found.set(name, index)
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
