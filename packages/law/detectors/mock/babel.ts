/** A node of Babel's syntax tree. */
export interface Ast {
  type: string
  start: number
  end: number
  [member: string]: unknown
}

export const isAst = (value: unknown): value is Ast =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

export const astOf = (value: unknown): Ast | undefined => (isAst(value) ? value : undefined)
export const listOf = (value: unknown): Ast[] => (Array.isArray(value) ? value.filter(isAst) : [])
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export const rawOf = (quasi: Ast | undefined): string => textOf((quasi?.value as { raw?: unknown } | undefined)?.raw)

export function nameOf(node: Ast | undefined): string {
  if (!node) return ''
  if (node.type === 'PrivateName') return nameOf(astOf(node.id))
  if (/MemberExpression$/.test(node.type)) return nameOf(astOf(node.property))
  return textOf(node.name) || textOf(node.value)
}

/** `a.b.c` for a plain chain of names; the last names where it begins with something computed. */
export function dotted(node: Ast | undefined): string {
  if (!node) return ''
  if (node.type === 'Identifier') return textOf(node.name)
  if (node.type === 'ThisExpression') return 'this'
  if (node.type === 'Import') return 'import'
  if (!/MemberExpression$/.test(node.type) || node.computed === true) return ''
  return `${dotted(astOf(node.object))}.${nameOf(astOf(node.property))}`
}

/** The names that a parameter binds. */
export function namesIn(param: Ast): string[] {
  switch (param.type) {
    case 'Identifier':
      return param.name === 'this' ? [] : [textOf(param.name)]
    case 'AssignmentPattern':
      return listOf([param.left]).flatMap(namesIn)
    case 'RestElement':
      return listOf([param.argument]).flatMap(namesIn)
    case 'TSParameterProperty':
      return listOf([param.parameter]).flatMap(namesIn)
    case 'ArrayPattern':
      return listOf(param.elements).flatMap(namesIn)
    case 'ObjectPattern':
      return listOf(param.properties).flatMap((item) => listOf([item.value ?? item.argument]).flatMap(namesIn))
  }
  return []
}
