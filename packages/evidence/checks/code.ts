import {
  type Action,
  AgentManifest,
  type EntryKind,
  limitsOf,
  type PartiesStatement,
  SkillManifest,
} from '@azora/contracts'
import { canonical, digestOf } from '@azora/proof/verify'
import type { Flaw } from '../flaw.ts'
import { agentAt, isTold, readEntry, type Story, type Told } from '../story.ts'
import { undoingSkills } from './undoing.ts'

type Registered = PartiesStatement['predicate']['skills'][number]
type Kind = 'skill.registered' | 'agent.registered'

/** Every action is of a skill, and of an agent, that were registered before, with the code and effects on record. */
export function flawsInCode(story: Story, parties: PartiesStatement['predicate'] | undefined): Flaw[] {
  const skills = new Map<string, { index: number; manifest: SkillManifest }>()
  const agents = new Map<string, { index: number; manifest: AgentManifest }>()
  const flaws: Flaw[] = []
  for (const registered of parties?.skills ?? []) {
    const manifest = SkillManifest.safeParse(registered.manifest).data
    const entry = told(registered, 'skill.registered')
    flaws.push(
      flawInManifest(
        registered,
        entry,
        manifest && `${manifest.skillId}@${manifest.version}`,
        entry && `${entry.payload.skillId}@${entry.payload.version}`,
      ),
    )
    if (manifest && entry)
      skills.set(`${manifest.skillId}@${manifest.version}`, { index: entry.header.index, manifest })
  }
  for (const registered of parties?.agents ?? []) {
    const manifest = AgentManifest.safeParse(registered.manifest).data
    const entry = told(registered, 'agent.registered')
    flaws.push(
      flawInManifest(
        registered,
        entry,
        manifest && `${manifest.agentId}@${manifest.version}`,
        entry && `${entry.payload.agentId}@${entry.payload.version}`,
      ),
    )
    if (manifest && entry)
      agents.set(`${manifest.agentId}@${manifest.version}`, { index: entry.header.index, manifest })
  }
  flaws.push(...flawsInAgents(story, agents))
  const undoing = undoingSkills(story, skills)
  for (const entry of story.entries)
    if (isTold(entry, 'action.verified')) {
      const agent = agents.get(agentAt(story, entry.header.index) ?? '')
      flaws.push(flawInSkill(entry, skills, agent?.manifest, undoing))
    }
  return flaws
}

/** An agent has to be on record when a run begins with it, or moves to it. */
function flawsInAgents(story: Story, agents: ReadonlyMap<string, { index: number }>): Flaw[] {
  return story.entries.map((entry, at): Flaw => {
    const { index, kind } = entry.header
    if (at > 0 && kind !== 'run.migrated') return undefined
    const agent = agentAt(story, index + 1)
    const known = agents.get(agent ?? '')
    if (agent === undefined || (known && known.index <= index)) return undefined
    return `the agent ${agent} was not on record when the run ${at === 0 ? 'began' : 'moved to it'}`
  })
}

function told<K extends Kind & EntryKind>({ registered }: Registered, kind: K): Told<K> | undefined {
  const { entry } = readEntry(registered.entry)
  return isTold(entry, kind) ? entry : undefined
}

function flawInManifest(
  { registered, manifest }: Registered,
  entry: Told<Kind> | undefined,
  name: string | undefined,
  onRecord: string | undefined,
): Flaw {
  const { index } = registered.entry.header
  if (!entry) return `entry ${index} does not register it, or was erased`
  if (name === undefined) return `the manifest of entry ${index} has another form`
  return name === onRecord && digestOf(manifest) === entry.payload.manifestDigest
    ? undefined
    : `the manifest of ${name} is not the one that entry ${index} registered`
}

function flawInSkill(
  { header: { index }, payload: { action, judged } }: Told<'action.verified'>,
  skills: ReadonlyMap<string, { index: number; manifest: SkillManifest }>,
  agent: AgentManifest | undefined,
  undoing: ReadonlyMap<string, string>,
): Flaw {
  const name = `${action.skillId}@${action.skillVersion}`
  const found = skills.get(name)
  if (!found || found.index > index) return `the skill ${name} of entry ${index} was not on record before`
  if (contractOf(found.manifest) !== contractOf(action))
    return `entry ${index} judges ${name} with other code or effects than are on record`
  if (!sameLimits(action.limits, found.manifest))
    return `entry ${index} judges ${name} with other limits than are on record`
  if (!agent) return undefined
  const beside = undoing.get(action.stepId) === action.skillId ? [canonical([...agent.skills, action.skillId])] : []
  if (judged && ![canonical(agent.skills), ...beside].includes(canonical(judged.declaredSkills ?? null)))
    return `entry ${index} was judged by other skills than ${agent.agentId} declares`
  return undefined
}

const contractOf = ({
  codeDigest,
  effects,
  workspace,
  formats = {},
}: Pick<SkillManifest, 'codeDigest' | 'effects' | 'workspace' | 'formats'>): string =>
  canonical({ codeDigest, effects, workspace, formats })

/** An action states what its manifest states or leaves to the defaults; a limit that came later isn't in it. */
function sameLimits(stated: Action['limits'], { limits }: SkillManifest): boolean {
  const known: Record<string, unknown> = limitsOf(limits)
  return Object.entries(stated ?? {}).every(([name, value]) => known[name] === value)
}
