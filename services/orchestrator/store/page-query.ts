/** Which of the things in a list are asked for, and which page of them. */
export interface ListFilter<After> {
  tenant: string
  agentId?: string | undefined
  /** That came about then or later. */
  since?: string | undefined
  /** That came about before. */
  until?: string | undefined
  /** Newest first when absent. */
  order?: 'newest' | 'oldest' | undefined
  /** Only what comes behind this one. */
  after?: After | undefined
  limit: number
}

/** SQL in which `$` stands for the value; without a value it is no condition. */
type Condition = readonly [sql: string, value: unknown]

/**
 * One page of a table. Only the conditions that have a value are in it, so that an index answers them.
 *
 * @param select columns and table
 * @param by column of the order, by which a page goes on behind another
 */
export function pageQuery(
  select: string,
  by: string,
  { order, after, limit }: Pick<ListFilter<unknown>, 'order' | 'after' | 'limit'>,
  conditions: readonly Condition[],
): { text: string; values: unknown[] } {
  const oldest = order === 'oldest'
  const behind: Condition = [`${by} ${oldest ? '>' : '<'} $`, after]
  const given = [...conditions, behind].filter(([, value]) => value !== undefined)
  const where = given.map(([sql], at) => sql.replace('$', `$${at + 1}`)).join(' and ')
  const values = [...given.map(([, value]) => value), limit]
  return {
    text: `select ${select} where ${where} order by ${by} ${oldest ? 'asc' : 'desc'} limit $${values.length}`,
    values,
  }
}
