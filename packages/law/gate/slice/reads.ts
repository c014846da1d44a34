import type { Node } from './ast.ts'

/** The members of a record that are looked at; `true` for all of them. */
export type Members = Map<string, Members | true>

/** How much of an entity is looked at: nothing, which one it is, or its attributes and parents too. */
const NOTHING = 0
export const WHICH = 1
export const ALL = 2
type Extent = typeof NOTHING | typeof WHICH | typeof ALL

/** The parts of a question that some policies can look at. Whatever the other parts are, Cedar answers the same. */
export interface Reads {
  /** They may look at entities by name, so it takes the schema to answer. */
  everything: boolean
  principal: Extent
  action: Extent
  resource: Extent
  context: Members | true
}

export const EVERYTHING: Reads = { everything: true, principal: ALL, action: ALL, resource: ALL, context: true }

/** What is looked at by policies of these conjuncts. */
export function readsOf(nodes: readonly Node[]): Reads {
  const reads: Reads = { everything: false, principal: NOTHING, action: NOTHING, resource: NOTHING, context: new Map() }
  for (const node of nodes) visit(node, reads)
  return reads
}

function visit(node: Node, reads: Reads): void {
  switch (node.op) {
    case 'attribute':
      visitAttribute(node, reads)
      break
    case 'var':
      if (node.name === 'context') reads.context = true
      else lookAt(node.name, ALL, reads)
      break
    case 'is':
      if (node.within) visit(node.of, reads)
      else visitIdentity(node.of, reads)
      break
    case '==':
    case '!=':
      visitIdentity(node.left, reads)
      visitIdentity(node.right, reads)
      break
    case 'in':
      visit(node.left, reads)
      visitComparable(node.right, reads)
      break
    case 'contains':
    case 'containsAll':
    case 'containsAny':
      visitComparable(node.left, reads)
      visitComparable(node.right, reads)
      break
    case 'set':
      visitComparable(node, reads)
      break
    case 'entity':
    case 'unknown':
      // Of an entity by its name an attribute may be wanted; and it may be the principal.
      Object.assign(reads, EVERYTHING)
      break
    default:
      for (const part of partsOf(node)) visit(part, reads)
  }
}

function partsOf(node: Node): readonly Node[] {
  if ('parts' in node) return node.parts
  if ('left' in node) return [node.left, node.right]
  if (node.op === 'if') return [node.test, node.yes, node.no]
  return 'of' in node ? [node.of] : []
}

/** An operand of which only the identity matters. */
function visitIdentity(node: Node, reads: Reads): void {
  if (node.op === 'var' && node.name !== 'context') lookAt(node.name, WHICH, reads)
  else visitComparable(node, reads)
}

/** An operand that is compared, so that no attribute of an entity in it is wanted. */
function visitComparable(node: Node, reads: Reads): void {
  if (node.op === 'entity') return
  if (node.op !== 'set') visit(node, reads)
  else for (const item of node.items) visitComparable(item, reads)
}

/** `context.run.taints` looks at that member and no other. */
function visitAttribute(node: Extract<Node, { op: 'attribute' }>, reads: Reads): void {
  const names: string[] = []
  let root: Node = node
  for (; root.op === 'attribute'; root = root.of) names.unshift(root.name)
  if (root.op === 'var' && root.name === 'context') lookAtMember(names, reads)
  else visit(root, reads)
}

function lookAtMember(names: readonly string[], reads: Reads): void {
  let members = reads.context
  for (const [at, name] of names.entries()) {
    if (members === true) return
    const known = members.get(name)
    const next: Members | true = at === names.length - 1 ? true : (known ?? new Map())
    members.set(name, next)
    members = next
  }
}

function lookAt(name: 'principal' | 'action' | 'resource', extent: Extent, reads: Reads): void {
  if (reads[name] < extent) reads[name] = extent
}
