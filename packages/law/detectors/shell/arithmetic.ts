import type { ArithmeticExpansionPart } from 'unbash'
import { type Context, HOLE } from './machine.ts'
import { variable } from './parameters.ts'

type Expression = NonNullable<ArithmeticExpansionPart['expression']>

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => Math.trunc(left / right),
  '%': (left, right) => left % right,
  '<<': (left, right) => left << right,
  '>>': (left, right) => left >> right,
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
}

/** The decimal value of an arithmetic expansion, or a hole. */
export function arithmetic(expression: Expression | undefined, context: Context): string {
  const value = expression ? numberFor(expression, context) : 0
  return Number.isSafeInteger(value) ? String(value) : HOLE
}

/** NaN when it can't be known. */
function numberFor(expression: Expression, context: Context): number {
  switch (expression.type) {
    case 'ArithmeticGroup':
      return numberFor(expression.expression, context)
    case 'ArithmeticBinary':
      return (
        OPERATORS[expression.operator]?.(numberFor(expression.left, context), numberFor(expression.right, context)) ??
        NaN
      )
    case 'ArithmeticUnary':
      return expression.operator === '-' ? -numberFor(expression.operand, context) : NaN
    case 'ArithmeticWord':
      return numberOf(/^[A-Za-z_]\w*$/.test(expression.value) ? variable(expression.value, context) : expression.value)
    default:
      return NaN
  }
}

/** `16#ff`, `0x1f`, `017` and `12`. */
function numberOf(text: string): number {
  const based = /^(\d{1,2})#([0-9A-Za-z]{1,10})$/.exec(text)
  if (based) return Number.parseInt(based[2] ?? '', Number(based[1]))
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8)
  return /^(?:\d{1,15}|0x[0-9a-f]{1,12})$/i.test(text) ? Number(text) : NaN
}
