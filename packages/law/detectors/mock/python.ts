import { parser } from '@lezer/python'
import { between } from './between.ts'
import { type Expr, type Fn, MAX_FUNCTIONS, NOTHING, type Stmt, type Unit } from './code.ts'
import { isTolerable } from './failure.ts'
import { answers, child, childrenOf, commentsOf, docstringOf, paramsOf, type SyntaxNode } from './lezer.ts'
import { PythonExpressions } from './python-expressions.ts'

/** Reads Python; the parser recovers from errors by itself. */
export const readPython = (source: string): Unit => new Reader(source).read()

class Reader extends PythonExpressions {
  #owner: Fn['owner']
  #depth = 0
  #comments: ReadonlyArray<{ start: number; end: number }> = []

  read(): Unit {
    const tree = parser.parse(this.source)
    this.#comments = commentsOf(tree.topNode)
    return { ...this.unit, top: this.statements(childrenOf(tree.topNode)) }
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
      case 'AssertStatement':
        return [this.assert(node)]
      case 'DeleteStatement':
        return [{ kind: 'run', value: { kind: 'call', callee: '', args: [this.only(node)] } }]
      case 'YieldStatement':
        return [{ kind: 'run', value: { kind: 'wrap', of: this.only(node) } }]
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
      case 'MatchStatement':
        return [
          {
            kind: 'block',
            over: this.valuesIn(node),
            body: node.getChildren('Body').flatMap((body) => this.body(body)),
          },
        ]
      case 'WithStatement':
        return [this.with(node)]
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
    let exceptions: SyntaxNode[] = []
    for (const part of childrenOf(node)) {
      if (part.name === 'except') into = parts.handler
      else if (part.name === 'finally') into = parts.last
      else if (part.name === 'else') into = parts.body
      else if (part.name === 'Body') {
        const body = this.body(part)
        const narrow = into === parts.handler && exceptions.some((each) => isTolerable(this.text(each)))
        into.push(
          ...(narrow
            ? [
                onlyIf(
                  exceptions.map((each) => this.expr(each)),
                  body,
                ),
              ]
            : body),
        )
        exceptions = []
      } else if (/^[A-Z]/.test(part.name)) exceptions.push(part)
    }
    return { kind: 'try', ...parts }
  }

  /** `with suppress(…)` is a `try` whose handler does nothing. */
  private with(node: SyntaxNode): Stmt {
    const over = this.valuesIn(node)
    const body = node.getChildren('Body').flatMap((part) => this.body(part))
    const [first] = over
    const isDeaf =
      first?.kind === 'call' &&
      /^(contextlib\.)?suppress$/.test(first.callee) &&
      !isTolerable(this.text(child(node, 'CallExpression')))
    return isDeaf ? { kind: 'try', body, handler: [], last: [] } : { kind: 'block', over, body }
  }

  /** `assert False, why` throws; another may. */
  private assert(node: SyntaxNode): Stmt {
    const [test, message] = childrenOf(node).filter(({ name }) => /^[A-Z]/.test(name))
    const never = test !== undefined && /^(False|0)$/.test(this.text(test))
    if (never) return { kind: 'throw', value: message ? this.expr(message) : { kind: 'name', name: 'AssertionError' } }
    return { kind: 'run', value: { kind: 'call', callee: '', args: test ? [this.expr(test)] : [] } }
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

  protected override fn(node: SyntaxNode, name: string, async: boolean, exempt: boolean): Fn {
    this.#depth += 1
    if (this.#depth > MAX_FUNCTIONS) throw new RangeError('functions nested too deep')
    const owner = this.#owner
    this.#owner = undefined
    const list = child(node, 'ParamList')
    const body = child(node, 'Body')
    const docs = docstringOf(body).map((text) => this.text(text))
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
        ...docs,
      ],
      doc: docs[0],
      answers: answers(this.text(child(node, 'TypeDef')), docs[0]),
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
}

const onlyIf = (tests: readonly Expr[], yes: readonly Stmt[]): Stmt => ({
  kind: 'if',
  test: { kind: 'other', parts: tests },
  yes,
  no: [{ kind: 'throw', value: NOTHING }],
})
