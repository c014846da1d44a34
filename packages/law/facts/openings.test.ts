import { describe, expect, it } from 'vitest'
import { createScanner } from './openings.ts'

const finder = (openings: string, pattern: RegExp) => ({ openings: openings.split(' '), pattern })

function matches(text: string, ...finders: Array<ReturnType<typeof finder>>): string[] {
  const found: string[] = []
  createScanner(finders)(text, (_, match) => found.push(match[0]))
  return found
}

describe('createScanner', () => {
  it('finds what matchAll finds', () => {
    const text = 'gho_1 ghp_22 ghp_x ghp_3 GHP_4'
    expect(matches(text, finder('ghp_ gho_', /gh[po]_\d+/y))).toEqual(text.match(/gh[po]_\d+/g))
  })

  it('takes openings in any case where the pattern ignores it, and of two characters', () => {
    expect(matches('Pass: a PASS: b xSK1', finder('pass', /pass: \w/iy), finder('SK', /SK\d/y))).toEqual([
      'Pass: a',
      'PASS: b',
      'SK1',
    ])
  })

  it('finds at both ends of a text, and letters of any script', () => {
    expect(matches('abc пароль abc', finder('abc', /abc/y), finder('пароль', /пароль/iy))).toEqual([
      'abc',
      'пароль',
      'abc',
    ])
  })

  it('lets no matches of one pattern overlap', () => {
    expect(matches('aaaaaaa', finder('aaa', /aaa/y))).toEqual(['aaa', 'aaa'])
  })
})
