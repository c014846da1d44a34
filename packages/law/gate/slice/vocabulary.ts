import { schemaToJsonWithResolvedTypes } from '@cedar-policy/cedar-wasm/nodejs'

/**
 * Types of which JavaScript and Cedar mean the same, so that an answer can be foreseen exactly. Nothing fits `other`, so a
 * question with such a value is always put to Cedar as it is.
 */
export type Kind = 'String' | 'Long' | 'Bool' | 'Set<String>' | RecordKind | 'other'
export interface RecordKind {
  readonly attributes: ReadonlyMap<string, Attribute>
}
interface Attribute {
  readonly kind: Kind
  readonly required: boolean
}

export interface EntityKind {
  readonly record: Kind
  /** Types of entities that it may be a member of. */
  readonly parents: ReadonlySet<string>
}

export interface ActionKind {
  /** The groups of actions that it belongs to, directly or not, and itself. */
  readonly groups: ReadonlySet<string>
  readonly principals: ReadonlySet<string>
  readonly resources: ReadonlySet<string>
  readonly context: Kind
}

/** What a schema says, as far as questions need it. */
export interface Vocabulary {
  readonly actions: ReadonlyMap<string, ActionKind>
  readonly entities: ReadonlyMap<string, EntityKind>
}

type Namespace = Extract<ReturnType<typeof schemaToJsonWithResolvedTypes>, { type: 'success' }>['json'][string]
type Types = Readonly<Record<string, TypeJson>>
interface TypeJson {
  type: string
  name?: string
  element?: TypeJson
  attributes?: Record<string, TypeJson & { required?: boolean }>
  additionalAttributes?: boolean
}

/** Knows no action, and so fits no question, where the schema has namespaces. */
export function vocabularyOf(schema: string): Vocabulary {
  const answer = schemaToJsonWithResolvedTypes(schema)
  const { '': own, ...others } = answer.type === 'success' ? answer.json : {}
  if (!own || Object.keys(others).length > 0) return { actions: new Map(), entities: new Map() }
  const types: Types = own.commonTypes ?? {}
  return {
    entities: new Map(
      Object.entries(own.entityTypes).map(([name, type]) => [
        name,
        'enum' in type || type.tags
          ? { record: 'other', parents: new Set() }
          : { record: recordOf(type.shape, types), parents: new Set(type.memberOfTypes ?? []) },
      ]),
    ),
    actions: new Map(Object.keys(own.actions).map((id) => [id, actionOf(id, own.actions, types)])),
  }
}

function actionOf(id: string, actions: Namespace['actions'], types: Types): ActionKind {
  const { appliesTo } = actions[id] ?? {}
  const groups = new Set<string>()
  const isPlain = collectGroups(id, actions, groups)
  return {
    groups,
    principals: new Set(appliesTo?.principalTypes ?? []),
    resources: new Set(appliesTo?.resourceTypes ?? []),
    context: isPlain ? recordOf(appliesTo?.context, types) : 'other',
  }
}

/** @returns false when one of them has attributes or is of a type of its own */
function collectGroups(id: string, actions: Namespace['actions'], found: Set<string>): boolean {
  if (found.has(id)) return true
  found.add(id)
  const { memberOf = [], attributes } = actions[id] ?? {}
  return (
    !attributes &&
    memberOf.every(({ type = 'Action', id: group }) => type === 'Action' && collectGroups(group, actions, found))
  )
}

const recordOf = (type: TypeJson | undefined, types: Types): Kind =>
  type === undefined ? { attributes: new Map() } : kindOf(type, types)

const BY_NAME = new Map<string, Kind>([
  ['String', 'String'],
  ['Long', 'Long'],
  ['Bool', 'Bool'],
  ['Boolean', 'Bool'],
])

function kindOf({ type, name = type, element, attributes, additionalAttributes }: TypeJson, types: Types): Kind {
  if (type === 'Set') return element && kindOf(element, types) === 'String' ? 'Set<String>' : 'other'
  if (type === 'Record' && attributes) {
    // In Cedar's JSON, names that begin with two underscores may say that a record is something else.
    if (additionalAttributes || Object.keys(attributes).some((own) => own.startsWith('__'))) return 'other'
    const members = Object.entries(attributes).map(
      ([own, member]) => [own, { kind: kindOf(member, types), required: member.required ?? true }] as const,
    )
    return { attributes: new Map(members) }
  }
  if (type === 'Entity' || type === 'Extension') return 'other'
  const common = Object.hasOwn(types, name) ? types[name] : undefined
  return common ? kindOf(common, types) : (BY_NAME.get(name) ?? 'other')
}
