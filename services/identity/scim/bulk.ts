import { AzoraError, type Log, toAzoraError } from '@azora/base'
import {
  NewScimGroup,
  NewScimUser,
  SCIM_LIMITS,
  SCIM_URN,
  type ScimBulk,
  type ScimBulkResponse,
  type ScimBulkResult,
  type ScimGroup,
  ScimPatch,
  type ScimUser,
} from '@azora/contracts'
import type { Resource } from './attributes.ts'
import { createBulkIds, referencesIn } from './bulk-ids.ts'
import { scimErrorOf } from './error-body.ts'
import { invalidValue, noSuch } from './errors.ts'
import type { Actor } from './record.ts'
import type { Resources } from './users.ts'

type Operation = ScimBulk['Operations'][number]

/** Several changes (RFC 7644, section 3.7): each holds or fails by itself, in an order in which what is named is there. */
export type Bulk = (by: Actor, request: ScimBulk) => Promise<ScimBulkResponse>

/** Who does what a bulk request asks for. */
export interface BulkDeps {
  users: Resources<ScimUser>
  groups: Resources<ScimGroup>
  base: () => string
  log: Log
}

export function createBulk(deps: BulkDeps): Bulk {
  return async (by, { Operations: operations, failOnErrors = Number.POSITIVE_INFINITY }) => {
    if (operations.length > SCIM_LIMITS.bulkOperations)
      throw new AzoraError('fix', 'scim_bulk_too_large', `there are ${operations.length} operations in it`, {
        remedy: `Send at most ${SCIM_LIMITS.bulkOperations} at once.`,
      })
    const ids = createBulkIds(operations)
    const results: ScimBulkResult[] = []
    const waiting = [...operations]
    let errors = 0
    while (waiting.length > 0 && errors < failOnErrors) {
      const at = waiting.findIndex((operation) => ids.areKnown(referencesIn(operation)))
      const [operation] = waiting.splice(Math.max(0, at), 1)
      if (!operation) break
      const result = await one(deps, by, operation, at < 0 ? undefined : ids.resolve)
      ids.settle(operation, result.id)
      if (result.answer.response) errors += 1
      results.push(result.answer)
    }
    return { schemas: [SCIM_URN.bulkResponse], Operations: results }
  }
}

interface Outcome {
  answer: ScimBulkResult
  /** What the resource is called; undefined when it failed. */
  id?: string
}

/** @param resolve undefined when what the operation names waits for the operation itself */
async function one(
  deps: BulkDeps,
  by: Actor,
  operation: Operation,
  resolve: (<T>(value: T) => T) | undefined,
): Promise<Outcome> {
  const { method, bulkId } = operation
  const named = { method, ...(bulkId !== undefined && { bulkId }) }
  try {
    if (!resolve) throw new AzoraError('conflict', 'scim_circular', 'the operation waits for one that waits for it')
    const { status, id, location, version } = await perform(deps, by, resolve(operation))
    return { answer: { ...named, location, ...(version !== undefined && { version }), status }, id }
  } catch (thrown) {
    if (toAzoraError(thrown).advice === 'bug') deps.log.error({ err: thrown }, 'an operation of a bulk request failed')
    const response = scimErrorOf(thrown)
    return { answer: { ...named, status: response.status, response } }
  }
}

interface Performed {
  status: string
  id: string
  location: string
  version?: string | undefined
}

async function perform(deps: BulkDeps, by: Actor, operation: Operation): Promise<Performed> {
  const [, type, id] = /^\/(Users|Groups)(?:\/([^/]+))?$/.exec(operation.path) ?? []
  if (type === undefined) throw noSuch('path')
  const resources = type === 'Users' ? deps.users : deps.groups
  const { method, version, data } = operation
  const conditions = version === undefined ? {} : { 'if-match': version }
  const body = (): Resource => parsed(type === 'Users' ? NewScimUser : NewScimGroup, data)
  const view = (status: string, resource: ScimUser | ScimGroup): Performed => ({
    status,
    id: resource.id,
    location: `${deps.base()}/${type}/${resource.id}`,
    version: resource.meta?.version,
  })
  if (method === 'POST') {
    if (id !== undefined || operation.bulkId === undefined) throw invalidValue('POST', 'has a bulkId and names no id')
    return view('201', await resources.create(by, body()))
  }
  if (id === undefined) throw noSuch('path')
  if (method === 'PUT') return view('200', await resources.replace(by, id, body(), conditions))
  if (method === 'PATCH') return view('200', await resources.patch(by, id, parsed(ScimPatch, data), conditions))
  await resources.remove(by, id, conditions)
  return { status: '204', id, location: `${deps.base()}/${type}/${id}` }
}

interface Parser<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: Array<{ message: string }> } }
}

function parsed<T>(schema: Parser<T>, data: unknown): T {
  const result = schema.safeParse(data)
  if (result.success) return result.data
  throw new AzoraError('fix', 'scim_syntax_invalid', `data is not valid: ${result.error.issues[0]?.message}`)
}
