import { type Expr, type Fn, NOTHING, type Unit } from './code.ts'
import { child, childrenOf, MARK, type SyntaxNode } from './lezer.ts'

/** Reads the expressions of Python. */
export abstract class PythonExpressions {
  readonly unit: Unit = { functions: [], classes: [], imports: [], calls: [], switches: [], top: [] }
  readonly source: string

  constructor(source: string) {
    this.source = source
  }

  protected abstract fn(node: SyntaxNode, name: string, async: boolean, exempt: boolean): Fn

  protected text(node: SyntaxNode | undefined): string {
    return node ? this.source.slice(node.from, node.to) : ''
  }

  protected only(node: SyntaxNode): Expr {
    const values = childrenOf(node).filter(({ name }) => !MARK.test(name))
    const [first] = values
    if (!first) return NOTHING
    return values.length === 1 ? this.expr(first) : { kind: 'list', items: values.map((value) => this.expr(value)) }
  }

  protected valuesIn(node: SyntaxNode): Expr[] {
    return childrenOf(node).flatMap((part) =>
      part.name === 'Body' || /^[a-z:,]/.test(part.name) ? [] : [this.expr(part)],
    )
  }

  protected lambdaValue(node: SyntaxNode): Expr {
    const value = childrenOf(node).at(-1)
    return value ? this.expr(value) : NOTHING
  }

  protected expr(node: SyntaxNode, name = ''): Expr {
    switch (node.name) {
      case 'Number':
        return { kind: 'literal', value: Number(this.text(node).replaceAll('_', '')) }
      case 'String':
        return { kind: 'literal', value: this.text(node).replace(/^\w*("""|'''|"|')|("""|'''|"|')$/g, '') }
      case 'ContinuedString':
        return this.continued(node)
      case 'FormatString':
        return this.format(node)
      case 'Boolean':
        return { kind: 'literal', value: this.text(node) === 'True' }
      case 'None':
      case 'Ellipsis':
        return NOTHING
      case 'VariableName':
        return { kind: 'name', name: this.text(node) }
      case 'ParenthesizedExpression':
      case 'AwaitExpression':
      case 'UnaryExpression': {
        const value = childrenOf(node).filter(({ name }) => !/^(\(|\)|await|ArithOp|BitOp|not)$/.test(name))[0]
        return value ? { kind: 'wrap', of: this.expr(value) } : NOTHING
      }
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
        return { kind: 'list', items: this.items(node) }
      case 'DictionaryExpression':
        return this.dictionary(node)
      case 'CallExpression':
        return this.call(node)
      case 'LambdaExpression':
        return { kind: 'function', fn: this.fn(node, name, false, false) }
      case 'MemberExpression':
        return { kind: 'other', parts: this.items(node).slice(0, 2) }
    }
    return { kind: 'other', parts: this.items(node) }
  }

  protected continued(node: SyntaxNode): Expr {
    const parts = this.items(node)
    const texts = parts.flatMap((part) => (part.kind === 'literal' ? [String(part.value)] : []))
    return texts.length === parts.length ? { kind: 'literal', value: texts.join('') } : { kind: 'other', parts }
  }

  protected format(node: SyntaxNode): Expr {
    const said = this.text(node)
      .replaceAll(/\{[^{}]{0,500}\}/g, '')
      .replace(/^\w*["']+|["']+$/g, '')
    return { kind: 'other', parts: [{ kind: 'literal', value: said }, ...this.items(node)] }
  }

  protected items(node: SyntaxNode): Expr[] {
    const parts = childrenOf(node)
    return parts.flatMap((item, at) => {
      // The name of an argument is no variable.
      const isName = node.name === 'ArgList' && item.name === 'VariableName' && parts[at + 1]?.name === 'AssignOp'
      return /^[A-Z]/.test(item.name) && !isName && !/^(PropertyName|\w+Op)$/.test(item.name) ? [this.expr(item)] : []
    })
  }

  protected dictionary(node: SyntaxNode): Expr {
    const parts = childrenOf(node).filter(({ name }) => !/^[{},]$/.test(name))
    const entries: Array<{ key: string; value: Expr }> = []
    for (const [at, part] of parts.entries()) {
      const key = parts[at - 1]
      const value = parts[at + 1]
      if (part.name === ':' && key && value)
        entries.push({ key: this.text(key).replace(/^\w*["']|["']$/g, ''), value: this.expr(value) })
      if (part.name === '**' && value) entries.push({ key: '', value: this.expr(value) })
    }
    return { kind: 'object', entries }
  }

  protected call(node: SyntaxNode): Expr {
    const callee = node.firstChild ?? undefined
    const name =
      callee && /^(VariableName|MemberExpression)$/.test(callee.name) ? this.text(callee).replaceAll(/\s+/g, '') : ''
    const plain = /^[\w.]+$/.test(name) ? name : ''
    this.unit.calls.push({ callee: plain, isNew: false, start: node.from })
    const list = child(node, 'ArgList')
    return {
      kind: 'call',
      callee: plain,
      args: list ? this.items(list) : [],
      on: callee ? this.expr(callee) : undefined,
    }
  }
}
