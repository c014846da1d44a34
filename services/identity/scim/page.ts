import { SCIM_LIMITS, SCIM_URN, type ScimListQuery } from '@azora/contracts'
import { attributeAt, type Definition, type Found, type Resource, valuesOf } from './attributes.ts'
import { invalidPath } from './errors.ts'
import { testOf } from './filter/match.ts'
import { type Filter, parseFilter } from './filter/parse.ts'
import { shapeOf } from './shape.ts'

/** A page of resources (RFC 7644, section 3.4.2). */
export interface Page<R> {
  schemas: string[]
  totalResults: number
  startIndex: number
  itemsPerPage: number
  Resources: R[]
}

/**
 * The page that is asked for: filtered, sorted, cut and shaped.
 *
 * @param load what there is, which may leave out what the filter doesn't select
 * @throws AzoraError `scim_filter_invalid`, `scim_path_invalid`
 */
export async function pageOf<R extends Resource>(
  definition: Definition,
  query: ScimListQuery,
  load: (filter: Filter | undefined) => Promise<R[]>,
): Promise<Page<R>> {
  const { startIndex, count = SCIM_LIMITS.pageDefault } = query
  const filter = query.filter === undefined ? undefined : parseFilter(query.filter)
  const test = filter ? testOf(filter, definition) : () => true
  const shape = shapeOf(definition, query)
  const order = orderOf(definition, query)
  const selected = (await load(filter)).filter(test)
  const first = Math.max(1, startIndex ?? 1)
  const length = Math.min(SCIM_LIMITS.page, Math.max(0, count))
  const page = order(selected).slice(first - 1, first - 1 + length)
  return {
    schemas: [SCIM_URN.list],
    totalResults: selected.length,
    startIndex: first,
    itemsPerPage: page.length,
    Resources: page.map(shape),
  }
}

function orderOf(definition: Definition, { sortBy, sortOrder }: ScimListQuery): <R extends Resource>(all: R[]) => R[] {
  if (sortBy === undefined) return (all) => all
  const found = attributeAt(definition, sortBy)
  const leaf = found && leafOf(found)
  if (!leaf) throw invalidPath(sortBy)
  const direction = sortOrder === 'descending' ? -1 : 1
  return (all) =>
    all
      .map((resource) => ({ resource, key: keyOf(resource, leaf) }))
      .sort((a, b) => direction * compare(a.key, b.key))
      .map(({ resource }) => resource)
}

/** Of a complex attribute its `value` counts; undefined when it has none. */
function leafOf({ attribute, sub }: Found): Found | undefined {
  const leaf = sub ?? attribute.subAttributes?.find(({ name }) => name === 'value')
  return attribute.subAttributes && !leaf ? undefined : { attribute, sub: leaf }
}

/** The primary value of several, else the first (RFC 7644, section 3.4.2.3). */
function keyOf(resource: Resource, leaf: Found): string | undefined {
  const all = resource[leaf.attribute.name]
  const primary = Array.isArray(all) ? all.filter((one) => one.primary === true) : []
  const of = primary.length > 0 ? { ...resource, [leaf.attribute.name]: primary } : resource
  const [value] = valuesOf(of, leaf)
  if (value === undefined) return undefined
  const text = String(value)
  return (leaf.sub ?? leaf.attribute).caseExact ? text : text.toLowerCase()
}

/** What has no value comes last when ascending, as RFC 7644 says. */
function compare(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return a < b ? -1 : 1
}
