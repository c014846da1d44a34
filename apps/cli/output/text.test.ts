import { describe, expect, test } from 'vitest'
import { createStyle, printable, shorten, wantsColour } from './style.ts'
import { bytes, duration, facts, indent, plural, table } from './text.ts'

const plain = createStyle(false)

test.each([
  [0, '0ms'],
  [999, '999ms'],
  [1000, '1.0s'],
  [65_000, '1m 05s'],
  [7_800_000, '2h 10m'],
])('%d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test.each([
  [512, '512 B'],
  [1536, '1.5 KiB'],
  [3 * 1024 ** 4, '3.0 TiB'],
])('%d bytes are %s', (count, text) => {
  expect(bytes(count)).toBe(text)
})

test('columns line up whatever their colours', () => {
  const colour = createStyle(true)
  expect(
    table(
      plain,
      ['a', 'long'],
      [
        ['1', '2'],
        ['wide', '3'],
      ],
    ),
  ).toBe('a     long\n1     2\nwide  3')
  const painted = table(colour, ['a', 'b'], [[colour.good('xyz'), '1']])
  expect(painted.split('\n')[1]).toBe(`${colour.good('xyz')}  1`)
})

test('facts leave out what is absent', () => {
  expect(
    facts(plain, [
      ['name', 'x'],
      ['no', undefined],
      ['empty', ''],
      ['n', 0],
    ]),
  ).toBe('name  x\nn     0')
})

test('indent leaves empty lines empty', () => {
  expect(indent('a\n\nb', 2)).toBe('  a\n\n  b')
})

test('plural', () => {
  expect([plural(1, 'entry', 'entries'), plural(2, 'mark')]).toEqual(['1 entry', '2 marks'])
})

describe('text of others', () => {
  test('loses escape sequences, controls and bidirectional marks', () => {
    expect(printable('a\u001b[2Jb\u0008c\u009bd\u202ee\tf\n')).toBe('ab\ufffdc\ufffdd\ufffde\tf\n')
  })

  test('is cut to one line', () => {
    expect(shorten('one\n  two three', 9)).toBe('one two…')
  })
})

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, false, false],
  [{ TERM: 'dumb' }, true, false],
])('%j on a terminal %s: colours %s', (env, terminal, expected) => {
  expect(wantsColour(env, terminal)).toBe(expected)
})
