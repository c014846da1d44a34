import { type ParserPlugin, parse } from '@babel/parser'
import { type Ast, astOf, dotted, listOf, nameOf, namesIn, textOf } from './babel.ts'
import { between } from './between.ts'
import { type Fn, MAX_FUNCTIONS, type Stmt, type Unit } from './code.ts'
import { FUNCTION, JavaScriptExpressions } from './javascript-expressions.ts'

/** Undefined for what is no JavaScript or TypeScript. */
export function readJavaScript(source: string, extension: string): Unit | undefined {
  const plugins: ParserPlugin[] = ['decorators']
  if (/^[mc]?ts$|^tsx$/.test(extension)) plugins.push('typescript')
  if (/x$|^[mc]?js$/.test(extension)) plugins.push('jsx')
  try {
    const file = parse(source, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      plugins,
      allowReturnOutsideFunction: true,
    })
    return new Reader(listOf(file.comments)).read(file.program as unknown as Ast)
  } catch (thrown) {
    if (thrown instanceof RangeError) throw thrown
    return undefined
  }
}

const LOOP = /^(For|While|DoWhile|ForIn|ForOf|Switch|Labeled|With)Statement$/

class Reader extends JavaScriptExpressions {
  readonly comments: readonly Ast[]
  #owner: Fn['owner']
  #depth = 0

  constructor(comments: readonly Ast[]) {
    super()
    this.comments = comments
  }

  read(program: Ast): Unit {
    return { ...this.unit, top: this.statements(listOf(program.body)) }
  }

  private statements(nodes: readonly Ast[]): Stmt[] {
    return nodes.flatMap((node) => this.statement(node))
  }

  private body(value: unknown): Stmt[] {
    const node = astOf(value)
    if (!node) return []
    return node.type === 'BlockStatement' ? this.statements(listOf(node.body)) : this.statement(node)
  }

  private statement(node: Ast): Stmt[] {
    switch (node.type) {
      case 'ReturnStatement':
        return [{ kind: 'return', value: this.expr(node.argument) }]
      case 'ThrowStatement':
        return [{ kind: 'throw', value: this.expr(node.argument) }]
      case 'ExpressionStatement':
        return this.run(node.expression)
      case 'VariableDeclaration':
        return listOf(node.declarations).map((item) => this.set(astOf(item.id), item.init, item.start))
      case 'IfStatement':
        return [
          { kind: 'if', test: this.expr(node.test), yes: this.body(node.consequent), no: this.body(node.alternate) },
        ]
      case 'TryStatement':
        return [
          {
            kind: 'try',
            body: this.body(node.block),
            handler: this.body(astOf(node.handler)?.body),
            last: this.body(node.finalizer),
          },
        ]
      case 'BlockStatement':
        return this.statements(listOf(node.body))
      case 'ImportDeclaration':
        this.import(node)
        return []
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration': {
        const inner = astOf(node.declaration)
        return inner ? (/Declaration$/.test(inner.type) ? this.statement(inner) : this.run(inner)) : []
      }
      case 'FunctionDeclaration':
        this.expr(node)
        return []
      case 'ClassDeclaration':
        this.class(node)
        return []
    }
    if (LOOP.test(node.type)) return [this.block(node)]
    return /^(TS|Declare|Empty|Import|Export)/.test(node.type) ? [] : [{ kind: 'run', value: this.other(node) }]
  }

  private block(node: Ast): Stmt {
    const over = ['left', 'right', 'init', 'test', 'update', 'discriminant', 'object'].map((key) =>
      this.expr(node[key]),
    )
    const cases = listOf(node.cases).flatMap((item) => this.statements(listOf(item.consequent)))
    return { kind: 'block', over, body: [...this.body(node.body), ...cases] }
  }

  private run(value: unknown): Stmt[] {
    const node = astOf(value)
    if (node?.type === 'AssignmentExpression') {
      return [this.set(astOf(node.left), node.right, node.start)]
    }
    return [{ kind: 'run', value: this.expr(node) }]
  }

  private set(target: Ast | undefined, init: unknown, start: number): Stmt {
    const value = this.expr(init, nameOf(target))
    this.switch(nameOf(target), value, start)
    if (target?.type === 'Identifier') return { kind: 'set', name: nameOf(target), value }
    // A store into something else is work that may be seen outside.
    return {
      kind: 'run',
      value: { kind: 'other', parts: [this.expr(target), value, { kind: 'call', callee: '', args: [] }] },
    }
  }

  private import(node: Ast): void {
    if (node.importKind === 'type') return
    const names = listOf(node.specifiers).map((item) => nameOf(astOf(item.imported) ?? astOf(item.local)))
    this.unit.imports.push({ module: textOf(astOf(node.source)?.value), names, start: node.start })
  }

  protected class(node: Ast, name = ''): void {
    const outer = this.#owner
    const base = dotted(astOf(node.superClass))
    const interfaces = listOf(node.implements).map((item) => dotted(astOf(item.expression)))
    const bases = [...(node.abstract === true ? ['ABC'] : []), base, ...interfaces].filter((item) => item !== '')
    this.#owner = { name: nameOf(astOf(node.id)) || name, bases }
    this.unit.classes.push(this.#owner)
    for (const member of listOf(astOf(node.body)?.body)) {
      const key = nameOf(astOf(member.key))
      if (FUNCTION.test(member.type)) this.fn(member, key)
      else if (/Property$/.test(member.type)) this.switch(key, this.expr(member.value, key), member.start)
    }
    this.#owner = outer
  }

  protected fn(node: Ast, name: string): Fn {
    this.#depth += 1
    if (this.#depth > MAX_FUNCTIONS) throw new RangeError('functions nested too deep')
    const owner = /Class(Private)?Method/.test(node.type) ? this.#owner : undefined
    const outer = this.#owner
    this.#owner = owner
    const params = listOf(node.params)
    const body = astOf(node.body)
    const isBlock = body?.type === 'BlockStatement'
    for (const param of params) if (param.type === 'AssignmentPattern') this.expr(param.right)
    const fn: Fn = {
      name: nameOf(astOf(node.id)) || name,
      async: node.async === true,
      params: params.flatMap(namesIn),
      body: isBlock ? this.body(body) : [{ kind: 'return', value: this.expr(body) }],
      comments: this.commentsIn(node),
      exempt: /^(get|set|constructor)$/.test(textOf(node.kind)) || node.abstract === true || node.override === true,
      owner,
      start: node.start,
      end: node.end,
    }
    this.#owner = outer
    this.#depth -= 1
    this.unit.functions.push(fn)
    return fn
  }

  private commentsIn(node: Ast): string[] {
    return between(this.comments, node.start, node.end).map((item) => textOf(item.value))
  }
}
