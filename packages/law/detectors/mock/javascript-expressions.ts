import { type Ast, astOf, dotted, isAst, listOf, nameOf, rawOf, textOf } from './babel.ts'
import { type Expr, type Fn, NOTHING, type Unit } from './code.ts'

const WRAPS =
  /^(AwaitExpression|TSAsExpression|TSSatisfiesExpression|TSNonNullExpression|TSTypeAssertion|ParenthesizedExpression|SpreadElement|ChainExpression|UnaryExpression|YieldExpression)$/
export const FUNCTION =
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/

/** Reads the expressions of JavaScript and TypeScript. */
export abstract class JavaScriptExpressions {
  readonly unit: Unit = { functions: [], classes: [], imports: [], calls: [], switches: [], top: [] }

  protected abstract fn(node: Ast, name: string): Fn
  protected abstract class(node: Ast, name?: string): void

  protected switch(name: string, value: Expr, start: number): void {
    if (name === '') return
    const on = value.kind === 'literal' ? value.value === true : isEnvironment(value)
    if (on) this.unit.switches.push({ name, on, start })
  }

  protected expr(value: unknown, name = ''): Expr {
    const node = astOf(value)
    if (!node) return NOTHING
    if (FUNCTION.test(node.type)) return { kind: 'function', fn: this.fn(node, name) }
    if (WRAPS.test(node.type)) return { kind: 'wrap', of: this.expr(node.argument ?? node.expression) }
    switch (node.type) {
      case 'StringLiteral':
      case 'NumericLiteral':
      case 'BooleanLiteral':
        return { kind: 'literal', value: node.value as string | number | boolean }
      case 'BigIntLiteral':
        return { kind: 'literal', value: Number(node.value) }
      case 'NullLiteral':
        return NOTHING
      case 'Identifier':
        return node.name === 'undefined' ? NOTHING : { kind: 'name', name: textOf(node.name) }
      case 'TemplateLiteral':
        return listOf(node.expressions).length === 0
          ? { kind: 'literal', value: rawOf(listOf(node.quasis)[0]) }
          : { kind: 'other', parts: this.template(node) }
      case 'ArrayExpression':
        return { kind: 'list', items: listOf(node.elements).map((item) => this.expr(item)) }
      case 'ObjectExpression':
        return { kind: 'object', entries: listOf(node.properties).map((item) => this.entry(item)) }
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        return this.call(node)
      case 'ClassExpression':
        this.class(node, name)
        return NOTHING
    }
    return this.other(node)
  }

  private template(node: Ast): Expr[] {
    const inner = listOf(node.expressions)
    return listOf(node.quasis).flatMap((quasi, at): Expr[] => {
      const part = inner[at]
      return [{ kind: 'literal', value: rawOf(quasi) }, ...(part ? [this.expr(part)] : [])]
    })
  }

  protected other(node: Ast): Expr {
    if (node.type === 'ImportExpression')
      this.unit.imports.push({ module: textOf(astOf(node.source)?.value), names: [], start: node.start })
    const holder = dotted(astOf(node.object))
    if (holder === 'process.env' || holder === '.env')
      this.unit.switches.push({ name: nameOf(node), on: true, start: node.start })
    const parts = Object.entries(node).flatMap(([key, child]) =>
      /^(loc|extra|typeAnnotation|typeParameters|typeArguments|leadingComments|trailingComments|innerComments)$/.test(
        key,
      )
        ? []
        : Array.isArray(child)
          ? listOf(child)
          : isAst(child)
            ? [child]
            : [],
    )
    const isMember = /MemberExpression$/.test(node.type)
    const seen = isMember && node.computed !== true ? parts.slice(0, 1) : parts
    return { kind: 'other', parts: seen.map((part) => this.expr(part)) }
  }

  private entry(node: Ast): { key: string; value: Expr } {
    if (node.type === 'SpreadElement') return { key: '', value: this.expr(node) }
    const key = nameOf(astOf(node.key))
    const value = node.type === 'ObjectMethod' ? this.expr(node, key) : this.expr(node.value, key)
    this.switch(key, value, node.start)
    if (value.kind === 'function') value.fn.inObject = true
    return { key, value }
  }

  private call(node: Ast): Expr {
    const callee = astOf(node.callee)
    const name = dotted(callee)
    this.unit.calls.push({ callee: name, isNew: node.type === 'NewExpression', start: node.start })
    const first = astOf(listOf(node.arguments)[0])
    if (name === 'require' && first?.type === 'StringLiteral') {
      this.unit.imports.push({ module: textOf(first.value), names: [], start: node.start })
    }
    return {
      kind: 'call',
      callee: name,
      args: listOf(node.arguments).map((item) => this.expr(item)),
      on: this.expr(callee),
    }
  }
}

/** Whether a value is read from the environment, as in `process.env.X === '1'`. */
const isEnvironment = (value: Expr): boolean =>
  value.kind === 'other' &&
  value.parts.some((part) => (part.kind === 'name' && part.name === 'process') || isEnvironment(part))
