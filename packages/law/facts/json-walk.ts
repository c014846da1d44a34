import { AzoraError } from '@azora/base'

/** Where a value lies in its document. */
export interface Place {
  /** Name of the member that holds it or, in an array, the nearest one above; empty at the root. */
  readonly key: string
  /** True when it is a member's name itself. */
  readonly isKey: boolean
  /** RFC 6901; `(root)` for the document itself. */
  pointer(): string
}

/** Called for each value, and before it for the name of the member that holds it. */
export type Visitor = (value: unknown, place: Place) => void

const MAX_VALUES = 200_000
const MAX_DEPTH = 256

class Node implements Place {
  readonly parent: Node | undefined
  readonly step: string
  readonly key: string
  readonly isKey: boolean
  readonly inArray: boolean
  readonly depth: number

  constructor(parent: Node | undefined, step: string, inArray: boolean, isKey: boolean) {
    this.parent = parent
    this.step = step
    this.key = inArray && parent ? parent.key : step
    this.isKey = isKey
    this.inArray = inArray
    this.depth = parent ? parent.depth + 1 : 0
  }

  asKey(): Place {
    return new Node(this.parent, this.step, false, true)
  }

  // An arrow, so that it can be handed on by itself.
  readonly pointer = (): string => {
    const steps: string[] = []
    for (let at: Node | undefined = this; at?.parent; at = at.parent) {
      steps.push(at.step.replaceAll('~', '~0').replaceAll('/', '~1'))
    }
    return steps.length === 0 ? '(root)' : `/${steps.reverse().join('/')}`
  }
}

/**
 * Visits every value of a JSON document, without recursion, members in the order of their names (RFC 8785, section 3.2.3), so
 * that nothing depends on the order in which somebody wrote them. Throws `input_too_large` beyond 200,000 values or a depth of 256,
 * so that the caller judges the whole document or none of it.
 */
export function walkJson(document: unknown, visit: Visitor): void {
  const open: Array<{ value: unknown; place: Node }> = [
    { value: document, place: new Node(undefined, '', true, false) },
  ]
  let seen = 0
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, place } = next
    seen += 1
    if (seen > MAX_VALUES) throw new AzoraError('fix', 'input_too_large', `more than ${MAX_VALUES} JSON values`)
    if (!place.inArray) visit(place.step, place.asKey())
    visit(value, place)
    if (typeof value !== 'object' || value === null) continue
    if (place.depth >= MAX_DEPTH) throw new AzoraError('fix', 'input_too_large', `JSON nested deeper than ${MAX_DEPTH}`)
    const inArray = Array.isArray(value)
    const members = inArray ? Object.entries(value) : sortedMembers(value)
    for (let at = members.length - 1; at >= 0; at -= 1) {
      const [step, child] = members[at] as [string, unknown]
      open.push({ value: child, place: new Node(place, step, inArray, false) })
    }
  }
}

function sortedMembers(value: object): Array<[string, unknown]> {
  const members = Object.entries(value)
  // Most objects are small and written in order already.
  for (let at = 1; at < members.length; at += 1) {
    const [before] = members[at - 1] as [string, unknown]
    const [name] = members[at] as [string, unknown]
    if (before > name) return members.sort(([a], [b]) => (a < b ? -1 : 1))
  }
  return members
}
