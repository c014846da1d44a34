/** What must never be, and was. */
export class Flaw extends Error {
  override readonly name = 'Flaw'
  readonly rule: string

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`)
    this.rule = rule
  }
}

export function must(holds: boolean, rule: string, detail: string): asserts holds {
  if (!holds) throw new Flaw(rule, detail)
}
