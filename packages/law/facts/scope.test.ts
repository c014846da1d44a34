import { describe, expect, it } from 'vitest'
import { covers, isWithinScope, outsideScope } from './scope.ts'

describe('covers', () => {
  it.each([
    ['/srv/repo', '/srv/repo'],
    ['/srv/repo', '/srv/repo/src/a.ts'],
    ['/srv/repo/', '/srv/repo'],
    ['/srv/repo/', '/srv/repo/a'],
    ['/', '/etc/passwd'],
  ])('%s covers %s', (folder, path) => expect(covers(folder, path)).toBe(true))

  it.each([
    ['/srv/repo', '/srv/repository'],
    ['/srv/repo', '/srv'],
    ['/srv/repo', '/srv/repo/../other'],
    ['/srv/repo', '/srv/repo/./a'],
    ['/srv/repo', 'srv/repo'],
    ['/srv/repo', '/srv/repo/a\0b'],
    ['', '/srv'],
  ])('%s does not cover %j', (folder, path) => expect(covers(folder, path)).toBe(false))
})

describe('outsideScope', () => {
  const scope = { read: ['/docs'], write: ['/srv/repo'], hosts: ['example.org'] }

  it('reads where it may write, but does not write where it may read', () => {
    const asked = { read: ['/srv/repo/a', '/docs/b'], write: ['/docs/b', '/srv/repo'], hosts: [] }
    expect(outsideScope(asked, scope)).toEqual({ read: [], write: ['/docs/b'], hosts: [] })
  })

  it('takes hosts by exact name and port', () => {
    const asked = { read: [], write: [], hosts: ['example.org', 'example.org:8443', 'www.example.org'] }
    expect(outsideScope(asked, scope).hosts).toEqual(['example.org:8443', 'www.example.org'])
    expect(isWithinScope({ ...asked, hosts: ['example.org'] }, scope)).toBe(true)
    expect(isWithinScope(asked, scope)).toBe(false)
  })
})
