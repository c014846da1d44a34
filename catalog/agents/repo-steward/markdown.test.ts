import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { code, codeBlock, duration, inline, plural, size, table } from './markdown.ts'

describe('text of others', () => {
  it('can not become markup', () => {
    expect(inline('a|b `c` <img> [x](y) *z*')).toBe('a\\|b \\`c\\` \\<img\\> \\[x\\](y) \\*z\\*')
    expect(code('a`b|c')).toBe('``a`b|c``')
    expect(code('`')).toBe('`` ` ``')
  })

  it('stays on one line and within its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(inline(text)).not.toMatch(/[\n\r\u2028\u2029\u202e]/)
        expect([...inline(text).replaceAll('\\', '')].length).toBeLessThanOrEqual(160)
        expect(code(text)).not.toMatch(/[\n\r]/)
      }),
    )
  })

  it('can not leave a block of code', () => {
    expect(codeBlock('before\n````\nafter\u001b[31m red\u001b[0m\u0007')).toBe(
      '`````text\nbefore\n````\nafter red\n`````',
    )
  })

  it('is masked before it is cut or escaped', () => {
    const token = `ghp_${'a1'.repeat(18)}`
    for (const text of [
      inline(`x ${token}`, 20),
      code(`x ${token}`, 20),
      codeBlock(`x ${token}`),
      codeBlock(`x ${token.replace('a', '\u0007a')}`),
    ]) {
      expect(text).toContain('GitHub token')
      expect(text).not.toContain('a1a1')
    }
  })
})

it('tables have a row per entry', () => {
  expect(table(['A', 'B'], [['1', '2']])).toBe('| A | B |\n| --- | --- |\n| 1 | 2 |')
  expect(table(['A'], [[code('a|b')], [inline('a|b')]])).toContain('| `a\\|b` |\n| a\\|b |')
})

it('quantities are readable', () => {
  expect([0, 1, 999, 1000, 9_960, 999_600, 2_500_000_000].map(size)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '10 kB',
    '1.0 MB',
    '2.5 GB',
  ])
  expect([plural(1, 'mark'), plural(1200, 'mark')]).toEqual(['1 mark', '1,200 marks'])
  expect([duration(1240), duration(61_000), duration(4)]).toEqual(['1.2 s', '1 min 1 s', '4 ms'])
})
