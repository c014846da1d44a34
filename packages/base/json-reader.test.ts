import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AzoraError } from './errors.ts'
import { readJson } from './json-reader.ts'
import { JSON_DEPTH_MAX, parseStrictJson } from './strict-json.ts'

function faultIn(source: string): { code: string; pointer: string } | undefined {
  try {
    parseStrictJson(source)
    return undefined
  } catch (thrown) {
    const { code, details } = thrown as AzoraError
    return { code, pointer: details[0]?.pointer ?? 'none' }
  }
}

describe('the two readers of strict JSON', () => {
  it('reads names with escapes as they are, whatever was parsed before', () => {
    JSON.parse('{"h":[],"\\\\":0}')
    expect(parseStrictJson('{"h":1,"\\"":2}')).toEqual({ h: 1, '"': 2 })
    expect(faultIn('{"h":1,"\\"":2,"\\u0022":3}')).toEqual({ code: 'json_duplicate_key', pointer: '/"' })
  })

  it('answers every value as it was written, at once and read slowly', () => {
    const safe = fc.double({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, noNaN: true })
    const name = fc.string({ unit: 'grapheme', maxLength: 4 }).filter((text) => text !== '__proto__')
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, false),
        safe.map((number) => (Object.is(number, -0) ? 0 : number)),
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('value')),
        fc.dictionary(name, tie('value'), { noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(value, fc.nat({ max: 2 }), (tree, indent) => {
        const text = JSON.stringify(tree, undefined, indent)
        expect(parseStrictJson(text)).toEqual(tree)
        expect(readJson(text, JSON_DEPTH_MAX)).toEqual({ value: tree })
      }),
    )
  })

  it('has the grammar of JSON.parse, also where a text is damaged', () => {
    const put = fc.constantFrom(
      '',
      '"',
      '\\',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '1',
      'e',
      '.',
      '-',
      ' ',
      '\n',
      '\u0000',
      'u',
    )
    const text = fc
      .tuple(fc.json({ maxDepth: 5 }), fc.nat(), fc.nat({ max: 3 }), put)
      .map(([json, at, count, piece]) => {
        const place = at % (json.length + 1)
        return json.slice(0, place) + piece + json.slice(place + count)
      })
    fc.assert(
      fc.property(text, (source) => {
        const reading = readJson(source, JSON_DEPTH_MAX)
        if ('value' in reading) expect(parseStrictJson(source)).toEqual(reading.value)
        else expect(faultIn(source)?.code).toBe(reading.fault.code)
        const syntax = 'fault' in reading && reading.fault.code === 'json_invalid'
        // What follows a fault of another kind is not read, and may be no JSON.
        if ('value' in reading) expect(() => JSON.parse(source)).not.toThrow()
        else if (syntax && !/surrogate|accepted/.test(reading.fault.message)) expect(() => JSON.parse(source)).toThrow()
      }),
      { numRuns: 5_000 },
    )
  })

  it('notices exactly the names that an object has twice, however they are written', () => {
    const name = fc.constantFrom('a', 'b', 'aa', '"', '\\', '\\"', ':', '":', '{"a":1}', '0', '')
    const written = fc.tuple(name, fc.boolean()).map(([text, escaped]) => ({
      text,
      source: escaped
        ? `"${[...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
        : JSON.stringify(text),
    }))
    const { tree } = fc.letrec<{ tree: { source: string; twice: boolean } }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        name.map((text) => ({ source: JSON.stringify(text), twice: false })),
        fc.array(tie('tree'), { maxLength: 3 }).map((items) => ({
          source: `[${items.map(({ source }) => source).join(' ,')}]`,
          twice: items.some(({ twice }) => twice),
        })),
        fc.array(fc.tuple(written, tie('tree')), { maxLength: 4 }).map((members) => ({
          source: `{${members.map(([key, value]) => `${key.source} : ${value.source}`).join(', ')}}`,
          twice:
            members.some(([, { twice }]) => twice) || new Set(members.map(([key]) => key.text)).size < members.length,
        })),
      ),
    }))
    fc.assert(
      fc.property(tree, ({ source, twice }) => {
        expect(faultIn(source)?.code).toBe(twice ? 'json_duplicate_key' : undefined)
      }),
      { numRuns: 5_000 },
    )
  })
})
