const MAX_BLOCKS = 2000
const MAX_VALUES = 50_000
const MAX_DEPTH = 64
const MAX_LINE = 160
const MAX_LINES = 60

/** Members of one object or array, as texts that could be a person's entry. */
export interface Block {
  /** The values, a line for each. */
  lines: string
  /** Those of an object on one line, and an array's as they follow. */
  row: string
  /** `name: value`, a line for each. */
  form: string
}

/** The objects and arrays of a JSON document that hold at least two short texts or members. */
export function blocksIn(document: unknown): Block[] {
  const blocks: Block[] = []
  let left = MAX_VALUES
  const visit = (value: unknown, depth: number): void => {
    left -= 1
    if (typeof value !== 'object' || value === null || left < 0 || depth > MAX_DEPTH) return
    const members = Object.entries(value)
    const short = members
      .filter((member): member is [string, string | number] => isShort(member[1]))
      .slice(0, MAX_LINES)
      .map(([name, each]): [string, string] => [name, String(each)])
    if (short.length > 0 && blocks.length < MAX_BLOCKS) blocks.push(blockOf(short, Array.isArray(value)))
    for (const [, child] of members) visit(child, depth + 1)
  }
  visit(document, 0)
  return blocks
}

const isShort = (value: unknown): value is string | number =>
  (typeof value === 'string' && value.length <= MAX_LINE) || typeof value === 'number'

function blockOf(members: ReadonlyArray<readonly [string, string]>, isList: boolean): Block {
  const values = members.map(([, value]) => value)
  return {
    lines: values.join('\n'),
    row: values.join(isList ? ', ' : ' | '),
    form: isList ? '' : members.map(([name, value]) => `${name}: ${value}`).join('\n'),
  }
}
