import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTextTail } from './text-tail.ts'

function tailOf(texts: Array<string | Buffer>, bytesMax = 1_000): string {
  const tail = createTextTail(bytesMax)
  for (const text of texts) tail.add(Buffer.from(text as string))
  return tail.text()
}

describe('createTextTail', () => {
  it('keeps the end', () => {
    expect(tailOf(['0123456789', 'abcde'], 8)).toBe('789abcde')
    expect(tailOf(['x'.repeat(10_000), 'end'], 5)).toBe('xxend')
  })

  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['cursor movements', 'a\u001b[2Ab\u001b[2Kc', 'abc'],
    ['titles', '\u001b]0;mine now\u0007text', 'text'],
    ['links', '\u001b]8;;http://evil.test\u001b\\here\u001b]8;;\u001b\\', 'here'],
    ['a title without an end', '\u001b]0;hide\nthe rest', 'the rest'],
    ['sequences of eight-bit controls', 'a\u009b31mb', 'a31mb'],
    ['overwriting', 'safe\rdone\b\b', 'safedone'],
    ['null characters', 'a\0b', 'ab'],
    ['reordering', 'user\u202egnp.exe\u2066', 'usergnp.exe'],
  ])('removes %s', (_what, text, expected) => {
    expect(tailOf([text])).toBe(expected)
  })

  it('removes sequences that came in pieces', () => {
    expect(tailOf(['\u001b', '[3', '1mred'])).toBe('red')
  })

  it('keeps lines, tabs and every script', () => {
    expect(tailOf(['a\tb\nção — 日本 🙂\n'])).toBe('a\tb\nção — 日本 🙂')
  })

  it('never lets a control character through and never grows', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), fc.integer({ min: 1, max: 80 }), (chunks, max) => {
        const text = tailOf(
          chunks.map((chunk) => Buffer.from(chunk)),
          max,
        )
        expect(text).toMatch(/^(\P{Cc}|\n|\t)*$/u)
        expect(text.length).toBeLessThanOrEqual(max)
      }),
    )
  })
})
