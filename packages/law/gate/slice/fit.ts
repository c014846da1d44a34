import type { EntityJson, EntityUidJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import type { Question } from '../question.ts'
import type { EntityKind, Kind, Vocabulary } from './vocabulary.ts'

type Check = (value: unknown) => boolean

/**
 * Whether a question is one that Cedar's validation surely accepts, with its principal and its resource as the only
 * entities. False for all others, among them some that Cedar would accept too.
 */
export type Fit = (question: Question) => boolean

export function fitOf({ actions, entities }: Vocabulary): Fit {
  const contexts = new Map([...actions].map(([id, { context }]) => [id, checkOf(context)]))
  const entityChecks = new Map([...entities].map(([type, kind]) => [type, entityCheck(kind)]))
  const isEntity = (entity: EntityJson | undefined, uid: TypeAndId): boolean =>
    entity !== undefined &&
    isPlain(uid) &&
    isPlain(entity.uid) &&
    isSame(entity.uid, uid) &&
    isText(uid.id) &&
    entityChecks.get(uid.type)?.(entity) === true

  return ({ principal, action, resource, context, entities: known }) => {
    const kind = action.type === 'Action' ? actions.get(action.id) : undefined
    if (!kind?.principals.has(principal.type) || !kind.resources.has(resource.type)) return false
    return (
      isPlain(action) &&
      contexts.get(action.id)?.(context) === true &&
      known.length === 2 &&
      isEntity(known[0], principal) &&
      isEntity(known[1], resource) &&
      !areRelated(known)
    )
  }
}

/** An id that is not well-formed would reach Cedar as another one. */
const isText = (value: unknown): boolean => typeof value === 'string' && value.isWellFormed()

const isPlain = (uid: EntityUidJson): uid is TypeAndId => 'type' in uid && Object.keys(uid).length === 2

const isSame = (a: EntityUidJson, b: TypeAndId): boolean => 'type' in a && a.type === b.type && a.id === b.id

/** The same one twice, or one a member of the other: Cedar would look further up. */
const areRelated = (entities: readonly EntityJson[]): boolean =>
  entities.some(({ uid }, at) =>
    entities.some(
      (other, where) =>
        'type' in uid &&
        ((at !== where && isSame(other.uid, uid)) || other.parents.some((parent) => isSame(parent, uid))),
    ),
  )

const ENTITY_MEMBERS = new Set(['uid', 'attrs', 'parents'])

function entityCheck({ record, parents: allowed }: EntityKind): (entity: EntityJson) => boolean {
  const fitsRecord = checkOf(record)
  return (entity) => {
    for (const name in entity) if (!ENTITY_MEMBERS.has(name)) return false
    if (!Array.isArray(entity.parents)) return false
    for (const parent of entity.parents) {
      if (!isPlain(parent) || !allowed.has(parent.type) || !isText(parent.id)) return false
    }
    return fitsRecord(entity.attrs)
  }
}

function checkOf(kind: Kind): Check {
  if (typeof kind !== 'string') {
    const members = [...kind.attributes].map(([name, own]) => ({
      name,
      required: own.required,
      fits: checkOf(own.kind),
    }))
    return (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
      const record = value as Record<string, unknown>
      let seen = 0
      for (const { name, required, fits } of members) {
        if (Object.hasOwn(record, name)) {
          if (!fits(record[name])) return false
          seen += 1
        } else if (required) return false
      }
      return Object.keys(record).length === seen
    }
  }
  if (kind === 'Set<String>') return isTexts
  if (kind === 'String') return isText
  if (kind === 'Long') return Number.isSafeInteger
  if (kind === 'Bool') return (value) => typeof value === 'boolean'
  return () => false
}

function isTexts(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  // A loop sees the gaps of an array too.
  for (let at = 0; at < value.length; at += 1) if (!isText(value[at])) return false
  return true
}
