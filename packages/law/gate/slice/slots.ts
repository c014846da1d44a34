import { type CheckParseAnswer, preparsePolicySet, preparseSchema } from '@cedar-policy/cedar-wasm/nodejs'
import { invalid, type Policy } from '../../law/article.ts'
import { Lru } from './lru.ts'

/**
 * Names under which Cedar keeps what it parsed. Cedar never forgets a name, but one that is used again lets go of what it
 * stood for; so there are few, and the one that was used longest ago is given to the next.
 */
export class Slots<Source> {
  readonly #names: Lru<string>
  readonly #prefix: string
  readonly #capacity: number
  readonly #parse: (name: string, source: Source) => CheckParseAnswer
  #made = 0

  /** @param parse puts something into Cedar's memory under a name, in place of what had that name */
  constructor(prefix: string, capacity: number, parse: (name: string, source: Source) => CheckParseAnswer) {
    this.#prefix = prefix
    this.#capacity = capacity
    this.#names = new Lru(capacity)
    this.#parse = parse
  }

  /**
   * The name of what `key` stands for; Cedar parses it unless it has it. It is good until the next call. Throws
   * `law_invalid`.
   */
  nameOf(key: string, source: () => Source): string {
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const name = this.#freeName()
    const answer = this.#parse(name, source())
    if (answer.type === 'failure') {
      this.#names.set(`(free) ${name}`, name)
      throw invalid(answer.errors.map(({ message }) => message).join('; '))
    }
    this.#names.set(key, name)
    return name
  }

  #freeName(): string {
    const freed = this.#made >= this.#capacity ? this.#names.takeOldest() : undefined
    if (freed !== undefined) return freed
    this.#made += 1
    return `${this.#prefix}${this.#made}`
  }
}

const MAX_SETS = 256
const MAX_SCHEMAS = 16

/** Cedar's memory is one for the whole thread, so these are shared by all laws. */
export const policySets = new Slots<readonly Policy[]>('set-', MAX_SETS, (name, policies) =>
  preparsePolicySet(name, { staticPolicies: Object.fromEntries(policies.map(({ rule, text }) => [rule, text])) }),
)
export const schemas = new Slots<string>('schema-', MAX_SCHEMAS, preparseSchema)
