import type { Log } from '@azora/base'
import type { Db } from '@azora/base/db'
import {
  type AgentManifest,
  isWaitName,
  type JsonObject,
  RUN_START,
  RUN_START_SKILL,
  type SkillManifest,
} from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { digestOf } from '@azora/proof'
import { type Kind, offerOf } from './offers.ts'
import { createRecorded, type RecordedRegistry, type RegistryView } from './recorded.ts'
import { createShelf, type Shelf } from './shelf.ts'
import { createManifestStore, type ManifestKey, type ManifestStore } from './store/manifests.ts'
import { createInputValidator } from './validator.ts'

/** What new runs use, and through `recorded` what others do. */
export interface Registry extends RegistryView {
  /**
   * Registers what a catalog holds, and offers it to the runs that begin from then on. A version that is known with another
   * content is left out, and reported.
   */
  register(found: { skills: SkillManifest[]; agents: AgentManifest[] }): Promise<{ conflicts: string[] }>
  skills(): SkillManifest[]
  agents(): AgentManifest[]
  /** A manifest as it was registered, also of a version that no catalog holds any more. */
  manifest(kind: Kind, id: string, version: string): Promise<JsonObject | undefined>
  /** Throws `invalid_input`. */
  checkAgentInput(agent: AgentManifest, input: JsonObject): void
  readonly recorded: RecordedRegistry
  /** Digests of the code that runs may need which began with the journal's entry of this index, or later. */
  codeSince(index: number): Set<string>
}

export interface OpenRegistryDeps {
  journal: Pick<Journal, 'append' | 'scan'>
  log: Log
}

export interface RegistryDeps extends OpenRegistryDeps {
  db: Db
}

/** {@link openRegistry} in PostgreSQL. */
export const createRegistry = async ({ db, ...deps }: RegistryDeps): Promise<Registry> =>
  openRegistry(deps, await createManifestStore(db))

export async function openRegistry({ journal, log }: OpenRegistryDeps, store: ManifestStore): Promise<Registry> {
  const validator = createInputValidator()
  const skills = createShelf<SkillManifest>('skill', (skill) => skill.skillId)
  const agents = createShelf<AgentManifest>('agent', (agent) => agent.agentId)
  const recorded = await createRecorded({ journal, store, validator })

  /** True when the version is new, or known with exactly this content. */
  async function keep(key: ManifestKey, manifest: SkillManifest | AgentManifest): Promise<boolean> {
    const manifestDigest = digestOf(manifest)
    const kept = await store.keep(key, manifestDigest, manifest)
    if (kept !== manifestDigest) return false
    const { kind, id, version } = key
    const common = { tenant: 'default', actor: 'system:skills', key: `${kind}:${id}@${version}:${manifestDigest}` }
    const { header } =
      kind === 'skill'
        ? await journal.append({
            ...common,
            kind: 'skill.registered',
            payload: { skillId: id, version, manifestDigest },
          })
        : await journal.append({
            ...common,
            kind: 'agent.registered',
            payload: { agentId: id, version, manifestDigest },
          })
    recorded.add(key, manifest, header.index)
    return true
  }

  /** Puts on record what is on the shelves, unless that is what was offered last. */
  async function offer(): Promise<void> {
    const payload = offerOf(skills.all(), agents.all())
    const last = recorded.offers.last()
    if (last && digestOf(last.payload) === digestOf(payload)) return
    const common = { tenant: 'default', actor: 'system:skills' }
    const { header } = await journal.append({ ...common, kind: 'catalog.offered', payload })
    recorded.offers.add({ since: header.index, payload })
  }

  return {
    async register(found) {
      const conflicts: string[] = []
      const take = async <T extends SkillManifest | AgentManifest>(shelf: Shelf<T>, manifest: T): Promise<void> => {
        const id = shelf.idOf(manifest)
        if (isWaitName(id) || (id === RUN_START && manifest !== RUN_START_SKILL))
          conflicts.push(`${id}@${manifest.version}`)
        else if (await keep({ kind: shelf.kind, id, version: manifest.version }, manifest)) shelf.put(manifest)
        else conflicts.push(`${id}@${manifest.version}`)
      }
      await Promise.all([
        ...found.skills.map((skill) => take(skills, skill)),
        ...found.agents.map((agent) => take(agents, agent)),
      ])
      await offer()
      for (const name of conflicts)
        log.error(
          { name },
          'its content changed under an existing version, or its name is taken; raise the version, or choose another name',
        )
      return { conflicts: conflicts.sort() }
    },
    skill: skills.get,
    agent: agents.get,
    skills: skills.all,
    agents: agents.all,
    manifest: (kind, id, version) => store.read({ kind, id, version }),
    checkSkillInput: (skill, input) => validator.check(`${skill.skillId}@${skill.version}`, skill.inputSchema, input),
    checkAgentInput: (agent, input) => validator.check(`${agent.agentId}@${agent.version}`, agent.inputSchema, input),
    recorded,
    codeSince(index) {
      const digests = new Set<string>()
      const need = (manifest: SkillManifest | AgentManifest | undefined): void => {
        if (manifest) digests.add(manifest.codeDigest)
      }
      for (const { payload } of recorded.offers.from(index)) {
        for (const [id, versions] of Object.entries(payload.skills))
          for (const version of versions) need(recorded.skill(id, version))
        for (const [id, versions] of Object.entries(payload.agents))
          for (const version of versions) need(recorded.agent(id, version))
      }
      return digests
    },
  }
}
