import { AzoraError } from '@azora/base'
import type { ScimBulk } from '@azora/contracts'
import { invalidValue } from './errors.ts'

type Operation = ScimBulk['Operations'][number]

const REFERENCE = /bulkId:([^/\s]+)/

/** The operations that this one names, by their `bulkId` (RFC 7644, section 3.7.2). */
export function referencesIn({ path, data }: Operation): string[] {
  const found = new Set<string>()
  walk([path, data], (text) => {
    const name = REFERENCE.exec(text)?.[1]
    if (name !== undefined) found.add(name)
    return text
  })
  return [...found]
}

/** What the operations of a request have made, under the names that it gives them. */
export interface BulkIds {
  /** True when nothing has to be waited for. */
  areKnown(names: readonly string[]): boolean
  /** The value with ids in place of names. Throws `scim_value_invalid` for what wasn't made. */
  resolve<T>(value: T): T
  settle(operation: Operation, id: string | undefined): void
}

/** Throws `scim_syntax_invalid` when two have the same name. */
export function createBulkIds(operations: readonly Operation[]): BulkIds {
  const names = operations.flatMap(({ method, bulkId }) => (method === 'POST' && bulkId !== undefined ? bulkId : []))
  const awaited = new Set(names)
  if (awaited.size < names.length)
    throw new AzoraError('fix', 'scim_syntax_invalid', 'two operations have the same bulkId')
  const ids = new Map<string, string>()
  return {
    areKnown: (wanted) => wanted.every((name) => !awaited.has(name)),
    resolve: (value) =>
      walk(value, (text) => {
        const [reference, name] = REFERENCE.exec(text) ?? []
        if (reference === undefined || name === undefined) return text
        const id = ids.get(name)
        if (id === undefined) throw invalidValue(reference, 'names nothing that was made')
        return text.replace(reference, id)
      }),
    settle({ method, bulkId }, id) {
      if (method !== 'POST' || bulkId === undefined) return
      awaited.delete(bulkId)
      if (id !== undefined) ids.set(bulkId, id)
    },
  }
}

/** The value with each text in it changed; names of members stay. */
function walk<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T
  if (Array.isArray(value)) return value.map((one) => walk(one, change)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, change)])) as T
}
