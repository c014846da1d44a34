/** A map of at most `capacity` entries, which forgets the one that was used longest ago. */
export class Lru<Value> {
  readonly #entries = new Map<string, Value>()
  readonly #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key)
    if (this.#entries.size >= this.#capacity) this.takeOldest()
    this.#entries.set(key, value)
  }

  /** Removes the entry that was used longest ago and returns its value. */
  takeOldest(): Value | undefined {
    for (const [key, value] of this.#entries) {
      this.#entries.delete(key)
      return value
    }
    return undefined
  }
}
