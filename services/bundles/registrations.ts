import { AzoraError } from '@azora/base'
import { ENTRY_PAYLOADS, type JsonObject } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Registry } from '@azora/skills'
import { entriesOf } from './pages.ts'

/** A manifest, and the entry that put its digest on record. */
export interface Registration {
  index: number
  manifest: JsonObject
}

export interface RegistrationDeps {
  journal: Pick<Journal, 'scan'>
  registry: Pick<Registry, 'manifest'>
}

/** @param names `name@version` of each that is wanted; throws `evidence_incomplete` for one that isn't on record */
export async function registrationsOf(
  { journal, registry }: RegistrationDeps,
  kind: 'skill' | 'agent',
  names: ReadonlySet<string>,
): Promise<Registration[]> {
  const found = new Map<string, Registration>()
  if (names.size === 0) return []
  for await (const { index, payload } of entriesOf(journal, [`${kind}.registered`])) {
    const named = nameIn(kind, payload)
    if (!named || !names.has(named.name) || found.has(named.name)) continue
    const manifest = await registry.manifest(kind, named.id, named.version)
    if (manifest) found.set(named.name, { index, manifest })
  }
  const missing = [...names].find((name) => !found.has(name))
  if (missing !== undefined) throw incomplete(`the ${kind} ${missing}`)
  return [...found.values()].sort((a, b) => a.index - b.index)
}

function nameIn(kind: 'skill' | 'agent', payload: string | null) {
  const value = JSON.parse(payload ?? 'null')
  if (kind === 'skill') {
    const { data } = ENTRY_PAYLOADS['skill.registered'].safeParse(value)
    return data && { name: `${data.skillId}@${data.version}`, id: data.skillId, version: data.version }
  }
  const { data } = ENTRY_PAYLOADS['agent.registered'].safeParse(value)
  return data && { name: `${data.agentId}@${data.version}`, id: data.agentId, version: data.version }
}

const incomplete = (what: string): AzoraError =>
  new AzoraError('conflict', 'evidence_incomplete', `the evidence can't be complete: ${what} is not on record`, {
    remedy: 'Restore what is missing from a backup; the entries of the run can be read without it.',
  })
