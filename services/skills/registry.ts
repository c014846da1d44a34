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
import { createRecorded, type RecordedRegistry, type RegistryView } from './recorded.ts'
import { createShelf, type Shelf } from './shelf.ts'
import { createManifestStore, type ManifestKey, type ManifestStore } from './store/manifests.ts'
import { createInputValidator } from './validator.ts'

export interface Registry extends RegistryView {
  /** Registers what a catalog holds. A version that is known with another content is left out, and reported. */
  register(found: { skills: SkillManifest[]; agents: AgentManifest[] }): Promise<{ conflicts: string[] }>
  skills(): SkillManifest[]
  agents(): AgentManifest[]
  /** A manifest as it was registered, also of a version that no catalog holds any more. */
  manifest(kind: 'skill' | 'agent', id: string, version: string): Promise<JsonObject | undefined>
  /** Throws `invalid_input`. */
  checkAgentInput(agent: AgentManifest, input: JsonObject): void
  /** The registry as it was at each place of the journal, also with what the catalogue has no more. */
  recorded(): Promise<RecordedRegistry>
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

export function openRegistry({ journal, log }: OpenRegistryDeps, store: ManifestStore): Registry {
  const validator = createInputValidator()
  const skills = createShelf<SkillManifest>('skill', (skill) => skill.skillId)
  const agents = createShelf<AgentManifest>('agent', (agent) => agent.agentId)

  /** True when the version is new, or known with exactly this content. */
  async function keep(key: ManifestKey, manifest: SkillManifest | AgentManifest): Promise<boolean> {
    const manifestDigest = digestOf(manifest)
    const kept = await store.keep(key, manifestDigest, manifest)
    if (kept !== manifestDigest) return false
    const { kind, id, version } = key
    const common = { tenant: 'default', actor: 'system:skills', key: `${kind}:${id}@${version}:${manifestDigest}` }
    if (kind === 'skill')
      await journal.append({ ...common, kind: 'skill.registered', payload: { skillId: id, version, manifestDigest } })
    else
      await journal.append({ ...common, kind: 'agent.registered', payload: { agentId: id, version, manifestDigest } })
    return true
  }

  return {
    async register(found) {
      const conflicts: string[] = []
      const offer = async <T extends SkillManifest | AgentManifest>(shelf: Shelf<T>, manifest: T): Promise<void> => {
        const id = shelf.idOf(manifest)
        if (isWaitName(id) || (id === RUN_START && manifest !== RUN_START_SKILL))
          conflicts.push(`${id}@${manifest.version}`)
        else if (await keep({ kind: shelf.kind, id, version: manifest.version }, manifest)) shelf.put(manifest)
        else conflicts.push(`${id}@${manifest.version}`)
      }
      await Promise.all([
        ...found.skills.map((skill) => offer(skills, skill)),
        ...found.agents.map((agent) => offer(agents, agent)),
      ])
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
    recorded: () => createRecorded({ journal, store, validator }),
  }
}
