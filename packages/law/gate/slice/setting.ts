import type { Node } from './ast.ts'
import type { ActionKind, Vocabulary } from './vocabulary.ts'

/** What is known of the questions that an expression is asked about; they all fit the schema. */
export interface Setting {
  readonly vocabulary: Vocabulary
  readonly actionId: string
  readonly action: ActionKind
  /** Types that the principal can be of, where the expression is reached. */
  readonly principals: ReadonlySet<string>
  readonly resources: ReadonlySet<string>
}

/** The setting in which `node` came to true: after `principal is Agent` only an agent can be the principal. */
export function narrowed(node: Node, setting: Setting): Setting {
  if (node.op === '&&') return narrowed(node.right, narrowed(node.left, setting))
  const found = typeGiven(node)
  if (!found) return setting
  const only = (types: ReadonlySet<string>) => new Set([...types].filter((type) => type === found.type))
  return found.name === 'principal'
    ? { ...setting, principals: only(setting.principals) }
    : { ...setting, resources: only(setting.resources) }
}

function typeGiven(node: Node): { name: 'principal' | 'resource'; type: string } | undefined {
  const [of, type] =
    node.op === 'is'
      ? [node.of, node.type]
      : node.op === '==' && node.right.op === 'entity'
        ? [node.left, node.right.uid.type]
        : []
  return of?.op === 'var' && type !== undefined && (of.name === 'principal' || of.name === 'resource')
    ? { name: of.name, type }
    : undefined
}
