import { parser } from '@lezer/python'
import { between } from './between.ts'
import { type Expr, type Fn, MAX_FUNCTIONS, NOTHING, type Stmt, type Unit } from './code.ts'
import { child, childrenOf, commentsOf, docstringOf, MARK, paramsOf, type SyntaxNode } from './lezer.ts'

/** Reads Python; the parser recovers from errors by itself. */
export const readPython = (source: string): Unit => new Reader(source).read()

class Reader {
  readonly unit: Unit = { functions: [], classes: [], imports: [], calls: [], switches: [], top: [] }
  readonly source: string
  #owner: Fn['owner']
  #depth = 0
  #comments: ReadonlyArray<{ start: number; end: number }> = []

  constructor(source: string) {
    this.source = source
  }

  read(): Unit {
    const tree = parser.parse(this.source)
    this.#comments = commentsOf(tree.topNode)
    return { ...this.unit, top: this.statements(childrenOf(tree.topNode)) }
  }

  private text(node: SyntaxNode | undefined): string {
    return node ? this.source.slice(node.from, node.to) : ''
  }

  private statements(nodes: readonly SyntaxNode[]): Stmt[] {
    return nodes.flatMap((node) => this.statement(node, []))
  }

  private body(node: SyntaxNode | undefined): Stmt[] {
    return node ? this.statements(childrenOf(node).filter(({ name }) => name !== ':')) : []
  }

  private statement(node: SyntaxNode, decorators: readonly string[]): Stmt[] {
    switch (node.name) {
      case 'ReturnStatement':
        return [{ kind: 'return', value: this.only(node) }]
      case 'RaiseStatement':
        return [{ kind: 'throw', value: this.only(node) }]
      case 'ExpressionStatement':
        return this.run(node)
      case 'AssignStatement':
      case 'UpdateStatement':
        return this.assign(node)
      case 'IfStatement':
        return [this.if(node)]
      case 'TryStatement':
        return [this.try(node)]
      case 'ForStatement':
      case 'WhileStatement':
      case 'WithStatement':
      case 'MatchStatement':
        return [
          {
            kind: 'block',
            over: this.valuesIn(node),
            body: node.getChildren('Body').flatMap((body) => this.body(body)),
          },
        ]
      case 'ImportStatement':
        this.import(node)
        return []
      case 'DecoratedStatement':
        return childrenOf(node).flatMap((part) =>
          part.name === 'Decorator'
            ? []
            : this.statement(
                part,
                node.getChildren('Decorator').map((item) => this.text(item)),
              ),
        )
      case 'FunctionDefinition':
        this.define(node, decorators)
        return []
      case 'ClassDefinition':
        this.class(node)
        return []
      case 'StatementGroup':
        return this.statements(childrenOf(node))
    }
    return []
  }

  private only(node: SyntaxNode): Expr {
    const values = childrenOf(node).filter(({ name }) => !MARK.test(name))
    const [first] = values
    if (!first) return NOTHING
    return values.length === 1 ? this.expr(first) : { kind: 'list', items: values.map((value) => this.expr(value)) }
  }

  /** A docstring and `...` are no work. */
  private run(node: SyntaxNode): Stmt[] {
    const value = this.only(node)
    const [first] = childrenOf(node)
    return value.kind === 'literal' || first?.name === 'Ellipsis' ? [] : [{ kind: 'run', value }]
  }

  private assign(node: SyntaxNode): Stmt[] {
    const parts = childrenOf(node).filter(({ name }) => !/^(AssignOp|UpdateOp|TypeDef|,)$/.test(name))
    const target = parts[0]
    const last = parts.at(-1)
    if (!target || !last || target === last) return []
    const name = target.name === 'VariableName' ? this.text(target) : ''
    const value = this.expr(last, name)
    const label = name || this.text(target).replace(/^.*\./, '')
    const on =
      value.kind === 'literal' ? value.value === true : /\b(environ|getenv)\b/.test(this.text(last).slice(0, 200))
    if (on) this.unit.switches.push({ name: label, on, start: node.from })
    if (name !== '' && node.name === 'AssignStatement' && parts.length === 2) return [{ kind: 'set', name, value }]
    return [
      {
        kind: 'run',
        value: { kind: 'other', parts: [this.expr(target), value, { kind: 'call', callee: '', args: [] }] },
      },
    ]
  }

  private if(node: SyntaxNode): Stmt {
    const [yes, ...rest] = node.getChildren('Body')
    const test: Expr = { kind: 'other', parts: this.valuesIn(node) }
    const otherwise = rest.flatMap((body) => this.body(body))
    // Without an `else` it may go on behind it.
    const end: Stmt[] = child(node, 'else') ? [] : [{ kind: 'run', value: NOTHING }]
    return { kind: 'if', test, yes: this.body(yes), no: [...otherwise, ...end] }
  }

  private try(node: SyntaxNode): Stmt {
    const parts: { body: Stmt[]; handler: Stmt[]; last: Stmt[] } = { body: [], handler: [], last: [] }
    let into = parts.body
    for (const part of childrenOf(node)) {
      if (part.name === 'except') into = parts.handler
      else if (part.name === 'finally') into = parts.last
      else if (part.name === 'else') into = parts.body
      else if (part.name === 'Body') into.push(...this.body(part))
    }
    return { kind: 'try', ...parts }
  }

  private valuesIn(node: SyntaxNode): Expr[] {
    return childrenOf(node).flatMap((part) =>
      part.name === 'Body' || /^[a-z:,]/.test(part.name) ? [] : [this.expr(part)],
    )
  }

  private import(node: SyntaxNode): void {
    const words = this.text(node).split(/[\s,()]+/)
    const at = words.indexOf('import')
    if (words[0] === 'from') {
      const names = words.slice(at + 1).filter(Boolean)
      this.unit.imports.push({ module: words[1] ?? '', names, start: node.from })
    } else
      for (const module of words.slice(1)) if (module) this.unit.imports.push({ module, names: [], start: node.from })
  }

  private class(node: SyntaxNode): void {
    const outer = this.#owner
    const bases = this.text(child(node, 'ArgList'))
      .split(/[\s(),=]+/)
      .filter(Boolean)
    this.#owner = { name: this.text(child(node, 'VariableName')), bases }
    this.unit.classes.push(this.#owner)
    this.body(child(node, 'Body'))
    this.#owner = outer
  }

  private define(node: SyntaxNode, decorators: readonly string[]): Fn {
    const isDeclared = decorators.some((text) =>
      /\b(abstract\w*|overload|property|\w+\.setter|fixture|hookspec|hookimpl|override)\b/.test(text),
    )
    const name = this.text(child(node, 'VariableName'))
    return this.fn(node, name, child(node, 'async') !== undefined, isDeclared || /^__\w+__$/.test(name))
  }

  private fn(node: SyntaxNode, name: string, async: boolean, exempt: boolean): Fn {
    this.#depth += 1
    if (this.#depth > MAX_FUNCTIONS) throw new RangeError('functions nested too deep')
    const owner = this.#owner
    this.#owner = undefined
    const list = child(node, 'ParamList')
    const body = child(node, 'Body')
    const fn: Fn = {
      name,
      async,
      params: list
        ? paramsOf(list)
            .map((param) => this.text(param))
            .filter((param) => !/^(self|cls)$/.test(param))
        : [],
      body: node.name === 'LambdaExpression' ? [{ kind: 'return', value: this.lambdaValue(node) }] : this.body(body),
      comments: [
        ...between(this.#comments, node.from, node.to).map(({ start, end }) => this.source.slice(start, end)),
        ...docstringOf(body).map((text) => this.text(text)),
      ],
      exempt,
      owner,
      start: node.from,
      end: node.to,
    }
    this.#owner = owner
    this.#depth -= 1
    this.unit.functions.push(fn)
    return fn
  }

  private lambdaValue(node: SyntaxNode): Expr {
    const value = childrenOf(node).at(-1)
    return value ? this.expr(value) : NOTHING
  }

  private expr(node: SyntaxNode, name = ''): Expr {
    switch (node.name) {
      case 'Number':
        return { kind: 'literal', value: Number(this.text(node).replaceAll('_', '')) }
      case 'String':
      case 'ContinuedString':
        return { kind: 'literal', value: this.text(node).replace(/^\w*("""|'''|"|')|("""|'''|"|')$/g, '') }
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

  private items(node: SyntaxNode): Expr[] {
    return childrenOf(node).flatMap((item) =>
      /^[A-Z]/.test(item.name) && !/^(PropertyName|\w+Op)$/.test(item.name) ? [this.expr(item)] : [],
    )
  }

  private dictionary(node: SyntaxNode): Expr {
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

  private call(node: SyntaxNode): Expr {
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
