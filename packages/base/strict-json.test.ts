import { describe, expect, it } from 'vitest'
import type { AzoraError } from './errors.ts'
import { readJson } from './json-reader.ts'
import { JSON_DEPTH_MAX, parseStrictJson } from './strict-json.ts'

function faultIn(source: string | Uint8Array): { code: string; pointer: string } | undefined {
  try {
    parseStrictJson(source)
    return undefined
  } catch (thrown) {
    const { code, details } = thrown as AzoraError
    return { code, pointer: details[0]?.pointer ?? 'none' }
  }
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const bytes = (...values: number[]): Uint8Array => Uint8Array.from([0x22, ...values, 0x22])

describe('strict JSON', () => {
  // After the classes of JSONTestSuite (Seriot, "Parsing JSON is a minefield"): y_ every parser accepts.
  it.each([
    ...['null', 'true', 'false', '0', '-0', '""', '[]', '{}', ' [ ] ', '\t\r\n{ } ', '[null, 1, "1", {}]'],
    ...['-1', '1e1', '1E+1', '1e-1', '0e+1', '-0.1', '1.5e3', '123.456', '0.1e1', '20e1', '1E15'],
    ...['9007199254740991', '-9007199254740991', '9007199254740991.0', '1e-400', '0.0000000000000000000000000001'],
    ...['"\\u0041"', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\ud83d\\ude00"', '"😀"', '"\u2028\u2029\u007f"', '"\\u0000"'],
    ...['{"a":{"a":1},"b":{"a":1}}', '{"":0}', '{"a\\u0000b":1}', '{"a":[{"a":1},{"a":1}]}', '"{\\"a\\":1,\\"a\\":2}"'],
    ...[
      '{"constructor":1}',
      '{"prototype":{}}',
      '{"constructor":{"name":1}}',
      '"__proto__"',
      '{"a": ":" , "b" : "\\\\"}',
    ],
    ...[nested(64), '"\\\\"', '"\\\\\\""', '"a:b"', '[":",":"]'],
  ])('accepts %j as JSON.parse does', (text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text))
    expect(parseStrictJson(new TextEncoder().encode(text))).toEqual(JSON.parse(text))
    expect(readJson(text, JSON_DEPTH_MAX)).toEqual({ value: JSON.parse(text) })
  })
})

describe('what is not strict JSON', () => {
  // n_ no parser may accept.
  it.each([
    ...[
      '',
      ' ',
      'nul',
      'TRUE',
      'True',
      'undefined',
      'NaN',
      'Infinity',
      '-Infinity',
      '-',
      '+1',
      '.5',
      '1.',
      '01',
      '-01',
    ],
    ...['0x1', '1e', '1e+', '0e', '1eE2', '- 1', '1 000', '１', '1_0', '0.e1', '2.e+3', '--1', '1.2.3', "'a'", '"a'],
    ...[
      '"\\x00"',
      '"\\u12"',
      '"\\u{41}"',
      '"\\a"',
      '"\t"',
      '"\n"',
      '"\u0000"',
      '"\\',
      '"\\"',
      '"\\\\\\"',
      '[1',
      '[1,]',
      '[,1]',
    ],
    ...[
      '[1,,2]',
      '[1 2]',
      ']',
      '[]]',
      '[1}',
      '{',
      '{"a"',
      '{"a":',
      '{"a":1',
      '{"a":1,}',
      '{,}',
      '{"a" 1}',
      '{a:1}',
      '{1:1}',
    ],
    ...[
      '{"a":1 "b":2}',
      '{"a":1}}',
      '{"a"::1}',
      '{"a":1;"b":2}',
      '{null:null}',
      '1 2',
      '[] []',
      '/**/1',
      '1//',
      '#1',
      '\ufeff1',
    ],
    ...[
      '\u00a01',
      '\u000b1',
      '\f1',
      '[\u2060]',
      '"a"x',
      '{"a":"b"}#',
      '*',
      '<a>',
      '[1:2]',
      nested(3).slice(1),
      '[\u0000]',
    ],
  ])('refuses %j, which is no JSON', (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
    expect(faultIn(text)?.code).toBe('json_invalid')
  })
})

describe('what parsers read differently', () => {
  // i_ parsers differ, which is what the strictness is for.
  it.each([
    ['json_duplicate_key', '/a', '{"a":1,"a":2}'],
    ['json_duplicate_key', '/a', '{"a":1,"a":1}'],
    ['json_duplicate_key', '/a', '{"a":1,"\\u0061":1}'],
    ['json_duplicate_key', '/', '{"":1,"":1}'],
    ['json_duplicate_key', '/x/1/a~1~0b', '{"x":[0,{"a/~b":{},"a/~b":{}}]}'],
    ['json_duplicate_key', '/toString', '{"toString":1,"toString":1}'],
    ['json_duplicate_key', '/1', '{"1":1,"0":0,"1":1}'],
    ['json_number_out_of_range', '/a', '{"a":1e400}'],
    ['json_number_out_of_range', '/0', '[-1e400]'],
    ['json_number_out_of_range', '', '9007199254740992'],
    ['json_number_out_of_range', '', '-9007199254740992'],
    ['json_number_out_of_range', '', '9007199254740993.0'],
    ['json_number_out_of_range', '', '9007199254740993000e-3'],
    ['json_number_out_of_range', '', '1e16'],
    ['json_number_out_of_range', '/a/b/2', '{"a":{"b":[1,2,100000000000000000000]}}'],
    ['json_invalid', '/a', '{"a":"\\ud800"}'],
    ['json_invalid', '/0', '["\\udc00\\ud800"]'],
    ['json_invalid', '', '"\ud800"'],
    ['json_invalid', '/a', '{"a":{"\\ud800":1}}'],
    ['json_invalid', '/a/__proto__', '{"a":{"__proto__":1}}'],
    ['json_invalid', '/__proto__', '{"\\u005f_proto__":{"admin":true}}'],
    ['json_invalid', '/constructor/prototype', '{"constructor":{"prototype":{"admin":true}}}'],
    ['json_too_deep', '/0'.repeat(64), nested(65)],
    ['json_too_deep', '/a'.repeat(64), `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
  ])('refuses with %s at %j', (code, pointer, text) => {
    expect(faultIn(text)).toEqual({ code, pointer })
  })
})

describe('strict JSON from bytes and large texts', () => {
  it('refuses nesting of any depth without running out of stack', () => {
    expect(faultIn('['.repeat(4_000_000))?.code).toBe('json_too_deep')
    expect(faultIn(nested(2_000_000))?.code).toBe('json_too_deep')
  })

  it.each([
    ['a lone continuation byte', bytes(0x80)],
    ['an overlong slash', bytes(0xc0, 0xaf)],
    ['a surrogate', bytes(0xed, 0xa0, 0x80)],
    ['a character cut off', bytes(0xe2, 0x82)],
    ['a character beyond U+10FFFF', bytes(0xf4, 0x90, 0x80, 0x80)],
    ['UTF-16', new Uint8Array(Buffer.from('"a"', 'utf16le'))],
    ['a byte order mark', Uint8Array.from([0xef, 0xbb, 0xbf, 0x31])],
  ])('refuses bytes that hold %s', (_what, source) =>
    expect(faultIn(source)).toEqual({ code: 'json_invalid', pointer: '' }),
  )

  it('names a place of bounded length', () => {
    const name = 'x'.repeat(100_000)
    expect(faultIn(`{"${name}":1,"${name}":2}`)?.pointer.length).toBeLessThan(300)
  })
})
