import { describe, expect, it } from 'vitest'
import { entityTag, names } from './etag.ts'

const tag = entityTag('{"a":1}')

describe('an entity tag', () => {
  it('is the same for the same bytes only', () => {
    expect(tag).toMatch(/^"[\w-]{32}"$/)
    expect([entityTag('{"a":1}'), entityTag('{"a":2}')]).toEqual([tag, expect.not.stringMatching(tag)])
  })

  it.each([
    [tag, true, true],
    [`"other", ${tag}`, true, true],
    [`"a,b" ,W/${tag}`, true, false],
    ['*', true, true],
    [' * ', true, true],
    ['"other"', false, false],
    [tag.replaceAll('"', ''), false, false],
    ['', false, false],
    [`"${'"'.repeat(5_000)}`, false, false],
  ])('is found in %s', (list, weak, strong) => {
    expect([names(list, tag, 'weak'), names(list, tag, 'strong')]).toEqual([weak, strong])
  })
})
