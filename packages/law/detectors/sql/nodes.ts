/** An object of parsed JSON. */
export type Node = Record<string, unknown>

export const isRecord = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member that is an object. */
export function recordAt(node: unknown, key: string): Node | undefined {
  const value = isRecord(node) ? node[key] : undefined
  return isRecord(value) ? value : undefined
}

/** A member that is a text. */
export function textAt(node: unknown, key: string): string | undefined {
  const value = isRecord(node) ? node[key] : undefined
  return typeof value === 'string' ? value : undefined
}

export function listAt(node: unknown, key: string): unknown[] {
  const value = isRecord(node) ? node[key] : undefined
  return Array.isArray(value) ? value : []
}

/** The text of a `String` node. */
export const stringOf = (node: unknown): string | undefined => textAt(recordAt(node, 'String'), 'sval')

/** The last part of a name given as a list of `String` nodes: `public.f` is `f`. */
export const lastName = (names: readonly unknown[]): string => stringOf(names.at(-1)) ?? ''

/** Every name of a node kind in a tree with what it holds, outer ones first; not below those for which `visit` is false. */
export function walkNodes(root: unknown, visit: (kind: string, node: Node) => boolean): void {
  const open: unknown[] = [root]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) for (let at = next.length - 1; at >= 0; at -= 1) open.push(next[at] ?? null)
    if (!isRecord(next)) continue
    const members = Object.entries(next)
    for (let at = members.length - 1; at >= 0; at -= 1) {
      const [key, value] = members[at] as [string, unknown]
      if (typeof value !== 'object' || value === null) continue
      if (isRecord(value) && /^[A-Z]|^intoClause$/.test(key) && !visit(key, value)) continue
      open.push(value)
    }
  }
}
