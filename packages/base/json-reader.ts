/** JSON values (RFC 8259). */
export type StrictJson = null | boolean | number | string | StrictJson[] | { [name: string]: StrictJson }

/** Why a text is not accepted, and where. */
export interface JsonFault {
  code: 'json_duplicate_key' | 'json_number_out_of_range' | 'json_too_deep' | 'json_invalid'
  /** JSON pointer (RFC 6901) of the value; '' is the whole text. */
  pointer: string
  message: string
}

/** What a reading ends with: a value, or the first fault of the text. */
export type JsonReading = { value: StrictJson } | { fault: JsonFault }

/** Thrown and caught within this module alone. */
class Found extends SyntaxError {
  readonly fault: JsonFault
  constructor(fault: JsonFault) {
    super(fault.message)
    this.fault = fault
  }
}

/**
 * Reads a text by the grammar of RFC 8259, and as strictly as `parseStrictJson` says. It knows where it is, and is
 * several times slower than JSON.parse.
 */
export function readJson(text: string, depthMax: number): JsonReading {
  try {
    return { value: new JsonReader(text, depthMax).readText() }
  } catch (thrown) {
    if (thrown instanceof Found) return { fault: thrown.fault }
    throw thrown
  }
}

const WHITE_SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const KEYWORD = /true|false|null/y
const KEYWORDS = new Map<string | undefined, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
])
/** What a string holds up to its next quote, backslash or control character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings must not hold them.
const PLAIN = /[^"\\\u0000-\u001f]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

class JsonReader {
  readonly #text: string
  readonly #depthMax: number
  readonly #path: Array<string | number> = []
  #at = 0

  constructor(text: string, depthMax: number) {
    this.#text = text
    this.#depthMax = depthMax
  }

  readText(): StrictJson {
    const value = this.#readValue()
    if (this.#at < this.#text.length) this.#fail('json_invalid', 'something follows its end')
    return value
  }

  /** A value with the white space around it. */
  #readValue(): StrictJson {
    this.#match(WHITE_SPACE)
    const value = this.#readBare()
    this.#match(WHITE_SPACE)
    return value
  }

  #readBare(): StrictJson {
    const next = this.#text[this.#at]
    if (next === '{') return this.#readObject()
    if (next === '[') return this.#readArray()
    if (next === '"') return this.#readString()
    const keyword = KEYWORDS.get(this.#match(KEYWORD))
    return keyword === undefined ? this.#readNumber() : keyword
  }

  #readObject(): StrictJson {
    this.#open()
    const members: { [name: string]: StrictJson } = {}
    if (this.#skip('}')) return members
    do {
      this.#match(WHITE_SPACE)
      if (this.#text[this.#at] !== '"') this.#fail('json_invalid', 'a member name is missing')
      const name = this.#readString()
      this.#path.push(name)
      if (Object.hasOwn(members, name)) this.#fail('json_duplicate_key', 'the member name occurs twice in its object')
      this.#refusePrototype(name)
      this.#match(WHITE_SPACE)
      if (!this.#skip(':')) this.#fail('json_invalid', 'a colon is missing behind the member name')
      members[name] = this.#readValue()
      this.#path.pop()
    } while (this.#skip(','))
    if (!this.#skip('}')) this.#fail('json_invalid', 'an object is not closed')
    return members
  }

  #readArray(): StrictJson {
    this.#open()
    const items: StrictJson[] = []
    if (this.#skip(']')) return items
    do {
      this.#path.push(items.length)
      items.push(this.#readValue())
      this.#path.pop()
    } while (this.#skip(','))
    if (!this.#skip(']')) this.#fail('json_invalid', 'an array is not closed')
    return items
  }

  /** Past the bracket and white space; the path has a step for each array and object that is open. */
  #open(): void {
    if (this.#path.length >= this.#depthMax) this.#fail('json_too_deep', `it is nested deeper than ${this.#depthMax}`)
    this.#at += 1
    this.#match(WHITE_SPACE)
  }

  #readString(): string {
    const start = this.#at
    this.#at += 1
    do this.#match(PLAIN)
    while (this.#match(ESCAPE) !== undefined)
    if (!this.#skip('"'))
      this.#fail('json_invalid', 'a string is not closed, or holds a bad escape or control character')
    const value: string = JSON.parse(this.#text.slice(start, this.#at))
    if (!value.isWellFormed()) this.#fail('json_invalid', 'a string holds half of a surrogate pair')
    return value
  }

  #readNumber(): number {
    const written = this.#match(NUMBER)
    if (written === undefined) this.#fail('json_invalid', 'a value is missing, or is no JSON')
    const number = Number(written)
    if (Math.abs(number) > Number.MAX_SAFE_INTEGER)
      this.#fail('json_number_out_of_range', 'the number is beyond ±9007199254740991')
    return number
  }

  #refusePrototype(name: string): void {
    if (name === '__proto__' || (name === 'prototype' && this.#path.at(-2) === 'constructor'))
      this.#fail('json_invalid', `the member name ${name} is not accepted here`)
  }

  /** The text that matches at the present place, which it moves behind it. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }

  #skip(char: string): boolean {
    if (this.#text[this.#at] !== char) return false
    this.#at += 1
    return true
  }

  #fail(code: JsonFault['code'], message: string): never {
    const pointer = this.#path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    throw new Found({ code, pointer, message })
  }
}
