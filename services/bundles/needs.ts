import type { Entry, EntryKind } from '@azora/contracts'

/** What the entries of a run rest on. */
export interface Needs {
  /** Who decided reviews. */
  people: ReadonlySet<string>
  /** `name@version` of the skills that were judged, and of the agent. */
  skills: ReadonlySet<string>
  agents: ReadonlySet<string>
  /** Indexes of the entries under which payloads were erased. */
  erasedBy: ReadonlySet<number>
}

const isKind = <K extends EntryKind>(entry: Entry, kind: K): entry is Entry<K> & Entry =>
  entry.header.kind === kind && entry.payload !== null

export function needsOf(entries: readonly Entry[]): Needs {
  const people = new Set<string>()
  const skills = new Set<string>()
  const agents = new Set<string>()
  const erasedBy = new Set<number>()
  for (const entry of entries) {
    if (entry.erasedBy !== undefined) erasedBy.add(entry.erasedBy)
    if (isKind(entry, 'review.decided')) people.add(entry.header.actor)
    else if (isKind(entry, 'action.verified'))
      skills.add(`${entry.payload.action.skillId}@${entry.payload.action.skillVersion}`)
    else if (isKind(entry, 'run.migrated')) agents.add(`${entry.payload.agentId}@${entry.payload.to}`)
    else if (isKind(entry, 'run.scheduled') && !entry.payload.spec.plan)
      agents.add(`${entry.payload.spec.agentId}@${entry.payload.spec.agentVersion}`)
  }
  return { people, skills, agents, erasedBy }
}
