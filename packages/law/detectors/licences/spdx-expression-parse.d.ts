declare module 'spdx-expression-parse' {
  interface License {
    license: string
    plus?: true
    exception?: string
  }
  interface Conjunction {
    left: Expression
    conjunction: 'and' | 'or'
    right: Expression
  }
  type Expression = License | Conjunction
  /** Throws for what is no SPDX expression. */
  export default function parse(source: string): Expression
}
