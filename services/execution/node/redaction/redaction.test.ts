import { escape as querystringEscape } from 'node:querystring'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from './redactor.ts'
import { createScanners } from './scanner.ts'

const MARKER = Buffer.from('#')
const scannersOf = (patterns: readonly Uint8Array[]) =>
  createScanners(patterns.map((bytes) => ({ bytes: Buffer.from(bytes), marker: MARKER })))

/** Marks each byte that a pattern covers, then replaces each run of marks. */
function expected(patterns: readonly Uint8Array[], text: Buffer): string {
  const hidden = new Array<boolean>(text.length).fill(false)
  const begins = new Set<number>()
  for (const pattern of patterns) {
    if (pattern.length === 0) continue
    for (let at = text.indexOf(pattern); at !== -1; at = text.indexOf(pattern, at + 1)) {
      hidden.fill(true, at, at + pattern.length)
      begins.add(at)
    }
  }
  let out = ''
  for (let at = 0; at < text.length; at++) {
    if (!hidden[at]) out += String.fromCharCode(text[at] ?? 0)
    else if (at === 0 || !hidden[at - 1]) out += '#'
  }
  return out
}

const cut = (text: Buffer, sizes: readonly number[]): Buffer[] => {
  const chunks: Buffer[] = []
  let [at, turn] = [0, 0]
  while (at < text.length) {
    const size = sizes[turn % sizes.length] ?? 1
    chunks.push(text.subarray(at, at + size))
    at += size
    turn += 1
  }
  return chunks
}

describe('a scanner', () => {
  // Few different bytes, so that patterns overlap themselves and each other.
  const letters = fc.array(fc.constantFrom(97, 98, 99), { maxLength: 60 }).map((bytes) => Buffer.from(bytes))
  const pattern = fc
    .array(fc.constantFrom(97, 98, 99), { minLength: 1, maxLength: 6 })
    .map((bytes) => Buffer.from(bytes))
  const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 10 })

  it('hides every byte of every pattern, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 4 }), letters, sizes, (patterns, text, by) => {
        const scanner = scannersOf(patterns)()
        const out = Buffer.concat([...cut(text, by).map((chunk) => scanner.push(chunk)), scanner.end()])
        expect(out.toString('latin1')).toBe(expected(patterns, text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('holds back no more than what could be a beginning', () => {
    const scanner = scannersOf([Buffer.from('secret-value')])()
    expect(scanner.push(Buffer.from('data: hello\n\n')).toString()).toBe('data: hello\n\n')
    expect(scanner.push(Buffer.from('my sec')).toString()).toBe('my ')
    expect(scanner.push(Buffer.from('ond one')).toString()).toBe('second one')
  })

  it('keeps its memory whatever flows through', () => {
    const scanner = scannersOf([Buffer.from('a'.repeat(100))])()
    let out = 0
    for (let i = 0; i < 1_000; i++) out += scanner.push(Buffer.alloc(1_000, 'a')).length
    expect(out + scanner.end().length).toBe(MARKER.length)
  })
})

const value = fc.oneof(
  fc.string({ minLength: 8, maxLength: 40, unit: fc.constantFrom(...'abcXYZ019-_./+=&<>"\'\\ %é€') }),
  fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' }),
  fc.base64String({ minLength: 8, maxLength: 80 }),
)
const around = fc.string({ maxLength: 8 })
const ENCODINGS: Record<string, (value: string, before: string, after: string) => string> = {
  'as it is': (v, a, b) => a + v + b,
  'in base64': (v, a, b) => Buffer.from(a + v + b).toString('base64'),
  'in base64url': (v, a, b) => Buffer.from(a + v + b).toString('base64url'),
  'as the password of Basic': (v, a) => `Basic ${Buffer.from(`${a}:${v}`).toString('base64')}`,
  'in hexadecimal': (v, a, b) => Buffer.from(a + v + b).toString('hex'),
  'in upper hexadecimal': (v, a, b) =>
    Buffer.from(a + v + b)
      .toString('hex')
      .toUpperCase(),
  'in a URL': (v) => encodeURIComponent(v),
  'in a URL in lower case': (v) => encodeURIComponent(v).replace(/%../g, (code) => code.toLowerCase()),
  'in a form': (v) => new URLSearchParams({ v }).toString().slice(2),
  'in a query': (v) => querystringEscape(v),
  'percent-encoded throughout': (v) => Buffer.from(v).toString('hex').replace(/../g, '%$&'),
  'in JSON': (v, a, b) => JSON.stringify({ a, v, b }),
  'in JSON with slashes escaped': (v) => JSON.stringify(v).replaceAll('/', '\\/'),
  'in JSON of ASCII only': (v) =>
    JSON.stringify(v).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'in HTML': (v) =>
    v.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c] ?? c),
  'in JavaScript': (v) => Buffer.from(v).toString('hex').replace(/../g, '\\x$&'),
}

describe('a value', () => {
  it.each(Object.entries(ENCODINGS))('%s is hidden', (_what, encode) => {
    fc.assert(
      fc.property(value, around, around, (secret, before, after) => {
        const redactor = createRedactor([{ name: 'T', value: secret }])
        const text = redactor.text(encode(secret, before, after))
        expect(text).toContain('[secret T]')
        expect(redactor.count('T')).toBeGreaterThan(0)
        // What is left of an encoding says nothing of the value but for the characters that it shares with its neighbours.
        if (!'[secret T]'.includes(secret)) expect(text.includes(secret)).toBe(false)
      }),
      { numRuns: 150 },
    )
  })

  it('that is not there hides nothing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const redactor = createRedactor([{ name: 'T', value: 'a-value-that-nobody-would-draw' }])
        expect(redactor.text(text)).toBe(text)
      }),
    )
  })

  it('is hidden in every place of an output', () => {
    const redactor = createRedactor([
      { name: 'A', value: 'first-secret' },
      { name: 'N', value: '123456789' },
    ])
    const output = {
      'first-secret': [{ deep: 'x first-secret y' }],
      number: 123456789,
      other: 1,
      none: null,
      yes: true,
    }
    expect(redactor.json(output)).toEqual({
      '[secret A]': [{ deep: 'x [secret A] y' }],
      number: '[secret N]',
      other: 1,
      none: null,
      yes: true,
    })
  })
})
