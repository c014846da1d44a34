import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { profileFor } from './profile.ts'

/** Reads strings and parentheses as a reader of Scheme does. */
function parse(text: string): unknown[] {
  const open: unknown[][] = [[]]
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"|[()]|[^\s()"]+/g)) {
    if (token === '(') open.push([])
    else if (token === ')') {
      const list = open.pop() ?? []
      open.at(-1)?.push(list)
    } else open.at(-1)?.push(token.startsWith('"') ? { text: token.slice(1, -1).replace(/\\([\s\S])/g, '$1') } : token)
  }
  expect(open).toHaveLength(1)
  return open[0] ?? []
}

const rulesFor = (profile: string, operation: string): unknown[] =>
  parse(profile)
    .filter((rule) => Array.isArray(rule) && rule[0] === 'allow' && rule[1] === operation)
    .flatMap((rule) => (rule as unknown[]).slice(2))

const path = fc
  .array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.map((part) => part.replaceAll('/', '_')).join('/')}`)

describe('the profile of a sandbox on macOS', () => {
  it('refuses everything first', () => {
    expect(profileFor({ read: [], write: [], sockets: [] }).split('\n').slice(0, 2)).toEqual([
      '(version 1)',
      '(deny default)',
    ])
  })

  it('names no network, nothing to write but /dev/null, and no home, where nothing is granted', () => {
    const profile = profileFor({ read: [], write: [], sockets: [] })
    expect(profile).not.toMatch(/network|mach|file-write\*|iokit|\/Users|\/private\/tmp/)
    expect(rulesFor(profile, 'file-write-data')).toEqual([['literal', { text: '/dev/null' }]])
  })

  it('lets its own socket be reached, and what is granted be written', () => {
    const profile = profileFor({ read: ['/srv/docs'], write: ['/srv/app'], sockets: ['/private/tmp/e.sock'] })
    expect(rulesFor(profile, 'file-write*')).toEqual([['subpath', { text: '/srv/app' }]])
    expect(rulesFor(profile, 'network-outbound')).toEqual([
      ['remote', 'unix-socket', ['path-literal', { text: '/private/tmp/e.sock' }]],
    ])
    expect(rulesFor(profile, 'file-read*')).toContainEqual(['subpath', { text: '/srv/docs' }])
    expect(rulesFor(profile, 'file-read-metadata')).toContainEqual(['literal', { text: '/srv' }])
  })

  it('holds any path as itself: none can say anything else', () => {
    fc.assert(
      fc.property(path, path, (read, write) => {
        const profile = profileFor({ read: [read], write: [write], sockets: [] })
        expect(rulesFor(profile, 'file-write*')).toEqual([['subpath', { text: write }]])
        expect(rulesFor(profile, 'file-read*')).toContainEqual(['subpath', { text: read }])
        expect(parse(profile).filter((rule) => (rule as unknown[])[0] === 'allow')).toHaveLength(9)
      }),
    )
  })
})
