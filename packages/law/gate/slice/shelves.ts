import type { Question } from '../question.ts'
import type { Test } from './condition.ts'
import type { Need } from './need.ts'

/** A policy, by its place in the law. */
export interface Entry {
  readonly place: number
  /** False when it can neither apply nor fail. */
  readonly applies: Test
}

interface TextShelf {
  readonly read: (question: Question) => readonly string[]
  readonly byText: Map<string, Entry[]>
}

interface BoundShelf {
  readonly read: (question: Question) => number
  /** 1 for what needs at least its bound, -1 for what needs at most its bound. */
  readonly sign: 1 | -1
  readonly entries: Array<{ bound: number; entry: Entry }>
}

/** Policies under what they need. */
export class Shelves {
  readonly #texts = new Map<string, TextShelf>()
  readonly #bounds = new Map<string, BoundShelf>()

  add(need: Need, entry: Entry): void {
    if (need.kind === 'text') {
      const shelf = this.#texts.get(need.path) ?? { read: need.read, byText: new Map() }
      this.#texts.set(need.path, shelf)
      const entries = shelf.byText.get(need.text) ?? []
      shelf.byText.set(need.text, entries)
      entries.push(entry)
      return
    }
    const name = `${need.kind} ${need.path}`
    const sign = need.kind === 'at least' ? 1 : -1
    const shelf: BoundShelf = this.#bounds.get(name) ?? { read: need.read, sign, entries: [] }
    this.#bounds.set(name, shelf)
    shelf.entries.push({ bound: need.bound * sign, entry })
  }

  /** To be called once after all are added. */
  sort(): void {
    for (const { entries } of this.#bounds.values()) entries.sort((a, b) => a.bound - b.bound)
  }

  /** Adds the places of those whose need is met and that apply; some more than once. */
  collect(question: Question, found: number[]): void {
    for (const { read, byText } of this.#texts.values()) {
      for (const text of read(question)) {
        const entries = byText.get(text)
        if (!entries) continue
        for (const { place, applies } of entries) if (applies(question)) found.push(place)
      }
    }
    for (const { read, sign, entries } of this.#bounds.values()) {
      const value = read(question) * sign
      for (const { bound, entry } of entries) {
        if (bound > value) break
        if (entry.applies(question)) found.push(entry.place)
      }
    }
  }
}
