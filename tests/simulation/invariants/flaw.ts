/** What must never be, and was. */
export class Flaw extends Error {
  override readonly name = 'Flaw'

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`)
  }
}

let found: Flaw | undefined

/** Takes a flaw down, the first one of a seed. Whoever is about to do what must not be done may swallow what is thrown. */
export function note(flaw: Flaw): void {
  found ??= flaw
}

/** The first flaw since it was asked last. */
export function takeFlaw(): Flaw | undefined {
  const flaw = found
  found = undefined
  return flaw
}

export function must(holds: boolean, rule: string, detail: string): asserts holds {
  if (holds) return
  const flaw = new Flaw(rule, detail)
  note(flaw)
  throw flaw
}

/** As {@link must}, for where nobody could catch what is thrown. */
export function noteUnless(holds: boolean, rule: string, detail: string): void {
  if (!holds) note(new Flaw(rule, detail))
}
