import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signersOf } from './checkpoint.ts'
import { parseVerifier, type Verifier } from './keys.ts'
import { formatSignature, type Note, parseNote } from './note.ts'
import vectors from './testing/vectors/notes.json' with { type: 'json' }

const { text, malformed, example } = vectors
const [peterLine, enochLine] = vectors.signatures as [string, string]
const [peter, enoch] = vectors.keys.map(parseVerifier) as [Verifier, Verifier]
const noteOf = (...lines: string[]): string => `${text}\n${lines.join('')}`
const open = (note: string, ...keys: Verifier[]): Verifier[] | undefined => {
  const parsed = parseNote(note)
  return parsed && signersOf(parsed, keys)
}

describe('the published notes', () => {
  it('are signed by whose key is known', () => {
    const both = noteOf(peterLine, enochLine)
    expect(parseNote(both)?.text).toBe(text)
    expect(open(both, peter)).toEqual([peter])
    expect(open(both, peter, enoch)).toEqual([peter, enoch])
    expect(open(both)).toEqual([])
    expect(open(noteOf(peterLine, peterLine, enochLine), peter)).toEqual([peter])
  })

  it('are refused with a wrong signature of a known key, and only then', () => {
    const wrong = `${enochLine.slice(0, 60)}ABCD${enochLine.slice(60)}`
    expect(open(noteOf(wrong, peterLine), enoch)).toBeUndefined()
    expect(open(noteOf(wrong, peterLine), peter)).toEqual([peter])
    expect(open(noteOf(peterLine.replace('PeterNeumann', 'CarmenSandiego')), peter)).toEqual([])
    expect(open(noteOf(peterLine.replace('x08g', 'xxxx')), peter)).toEqual([])
  })

  it('have up to 100 signatures', () => {
    expect(open(noteOf(...Array(100).fill(peterLine)), peter)).toEqual([peter])
    expect(parseNote(noteOf(...Array(101).fill(peterLine)))).toBeUndefined()
  })

  it('may have empty lines in their text', () => {
    const parsed = parseNote(`a\n\nb\n\n${peterLine}`)
    expect(parsed?.text).toBe('a\n\nb\n')
    expect(parsed?.signatures).toHaveLength(1)
  })

  it('verify as the specification shows', () =>
    expect(open(example.note, parseVerifier(example.key) as Verifier)).toHaveLength(1))

  it.each(malformed)('are malformed $what', ({ note }) => expect(parseNote(note)).toBeUndefined())
})

it('a note is UTF-8', () => expect(parseNote(`\udc00${noteOf(peterLine)}`)).toBeUndefined())

it('a note is at most 256 KiB', () => expect(parseNote(`${'x'.repeat(262_144)}\n\n${peterLine}`)).toBeUndefined())

it('a note has one form, and no text breaks the reader', () => {
  const piece = fc.constantFrom('— ', 'name', ' ', '\n', 'AAAAAAA=', 'AAAAAA==', '+', '\u00a0', 'x', '\ud800')
  fc.assert(
    fc.property(fc.string({ unit: piece, maxLength: 30 }), (tail) => {
      for (const note of [tail, `text\n\n${tail}`, `${tail}\n\n${peterLine}`]) {
        const parsed = parseNote(note)
        if (parsed) expect(written(parsed)).toBe(note)
      }
    }),
    { numRuns: 2_000 },
  )
})

const written = (note: Note): string => `${note.text}\n${note.signatures.map(formatSignature).join('')}`
