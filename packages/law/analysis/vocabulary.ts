import { schemaToJsonWithResolvedTypes } from '@cedar-policy/cedar-wasm/nodejs'
import { invalid } from '../law/article.ts'

/** The actions that the gate can ask about, as a schema names them. */
export interface Vocabulary {
  /** Actions that apply to something, with the types of who may do them to what. */
  readonly actions: ReadonlyMap<string, { principals: readonly string[]; resources: readonly string[] }>
  /** The actions that are this one or below it. */
  within(action: string): Set<string>
}

/** Throws `law_invalid`. */
export function readVocabulary(schema: string): Vocabulary {
  const answer = schemaToJsonWithResolvedTypes(schema)
  if (answer.type === 'failure') throw invalid(answer.errors.map(({ message }) => message).join('; '))
  const known = new Map(Object.values(answer.json).flatMap(({ actions }) => Object.entries(actions)))
  const actions = new Map<string, { principals: readonly string[]; resources: readonly string[] }>()
  for (const [name, { appliesTo }] of known) {
    const principals: string[] = appliesTo?.principalTypes ?? []
    const resources: string[] = appliesTo?.resourceTypes ?? []
    if (principals.length > 0 && resources.length > 0) actions.set(name, { principals, resources })
  }
  // Cedar refuses schemas with a cycle of actions.
  const isWithin = (name: string, group: string): boolean =>
    name === group || (known.get(name)?.memberOf ?? []).some(({ id }) => isWithin(id, group))
  return { actions, within: (group) => new Set([...actions.keys()].filter((name) => isWithin(name, group))) }
}
