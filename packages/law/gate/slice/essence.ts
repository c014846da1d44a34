import type { Context, EntityJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Question } from '../question.ts'
import { ALL, type Members, type Reads, WHICH } from './reads.ts'

/** What of a question its answer can depend on. */
export interface Essence {
  context: Context
  entities: EntityJson[]
  /** Equal only for questions to which Cedar gives the same answer, among those with the same action. */
  key: string
}

/** @param action with the groups that it belongs to */
export function extractorOf(reads: Reads, action: EntityJson): (question: Question) => Essence {
  const ofContext = reads.context === true ? (record: Context) => record : picker(reads.context)
  return ({ principal, resource, context, entities: [who, what] }) => {
    const picked = ofContext(context)
    const entities: EntityJson[] = []
    if (reads.principal === ALL && who) entities.push(who)
    if (reads.resource === ALL && what) entities.push(what)
    const key = JSON.stringify([
      reads.principal === WHICH && principal,
      reads.resource === WHICH && resource,
      picked,
      ...entities,
    ])
    // Where the schema is at hand it brings the actions.
    if (reads.action === ALL && !reads.everything) entities.push(action)
    return { context: picked, entities, key }
  }
}

function picker(members: Members): (record: Context) => Context {
  const picks = [...members].map(([name, inner]) => ({ name, pick: inner === true ? undefined : picker(inner) }))
  return (record) => {
    const picked: Context = {}
    for (const { name, pick } of picks) {
      const value = record[name]
      if (value !== undefined) picked[name] = pick ? pick(value as Context) : value
    }
    return picked
  }
}
