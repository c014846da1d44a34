import type { parser } from '@lezer/python'

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) if (child.name !== 'Comment') found.push(child)
  return found
}

export const child = (node: SyntaxNode, name: string): SyntaxNode | undefined => node.getChild(name) ?? undefined
export const MARK = /^(\(|\)|\[|\]|\{|\}|,|:|=|AssignOp|return|raise|lambda|await|yield|from|del|\.|\*|\*\*)$/

/** The names of parameters, without those in default values and annotations. */
export function paramsOf(list: SyntaxNode): SyntaxNode[] {
  const parts = childrenOf(list)
  return parts.filter(({ name }, at) => name === 'VariableName' && parts[at - 1]?.name !== 'AssignOp')
}

export function docstringOf(body: SyntaxNode | undefined): SyntaxNode[] {
  const first = body?.getChild('ExpressionStatement')?.firstChild
  return first?.name === 'String' ? [first] : []
}

/** All comments of a file, in their order. */
export function commentsOf(top: SyntaxNode): Array<{ start: number; end: number }> {
  const found: Array<{ start: number; end: number }> = []
  top.cursor().iterate(({ name, from, to }) => {
    if (name === 'Comment') found.push({ start: from, end: to })
  })
  return found
}

/** Whether a function is declared to give back something: `-> list[Entry]`, or a docstring that says so. */
export const answers = (annotation: string, doc: string | undefined): boolean =>
  annotation === ''
    ? doc !== undefined && /^\W{0,8}(returns?|gives? back|yields?)\b|(:returns?:|\bReturns:)\s+(?!None\b)\w/i.test(doc)
    : !/\b(None|Optional|NoReturn|Never|Any|Iterator|Generator|AsyncIterator|AsyncGenerator|Iterable)\b/.test(
        annotation,
      )
