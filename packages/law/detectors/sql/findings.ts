/** What a text of SQL may do that speaks against it. */
export type Kind = 'writes' | 'advances' | 'destroys' | 'grants' | 'reachesOut' | 'locks' | 'unreadable'

/** What was found in a text: names and kinds of statements, never values. */
export class Findings {
  readonly #found = new Map<Kind, Set<string>>()

  add(kind: Kind, what: string): void {
    const known = this.#found.get(kind) ?? new Set()
    this.#found.set(kind, known.add(what.length > MAX_WHAT ? `${what.slice(0, MAX_WHAT)}…` : what))
  }

  of(kind: Kind): string[] {
    return [...(this.#found.get(kind) ?? [])]
  }
}

const MAX_WHAT = 80
