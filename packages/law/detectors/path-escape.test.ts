import { describe, expect, it } from 'vitest'
import { subjectFor } from '../testing/requests.ts'
import { pathEscape, staysInside } from './path-escape.ts'

const LEAVING = [
  '..',
  '../x',
  'a/../../b',
  'src/./lib/.././.././x/../../y',
  '/etc/passwd',
  '//x',
  ' /etc/passwd',
  '\t/etc/x',
  '"/etc/passwd"',
  '/srv/repo/../../root/.netrc',
  '~',
  '~/x',
  '~root/x',
  '~+/x',
  '$HOME/x',
  `x/${'$'}{TMPDIR}/y`,
  '$env:TEMP/x',
  '$(pwd)/x',
  '%USERPROFILE%\\x',
  '%2e%2e/x',
  '..%2fx',
  '%252e%252e%252fx',
  '%25252e%25252e%25252fx',
  '..%c0%afx',
  '%c0%ae%c0%ae/x',
  '%u002e%u002e/x',
  '&#46;&#46;/x',
  '..\\x',
  'a\\..\\..\\x',
  'C:\\x',
  'c:/x',
  '\\\\server\\share',
  'file:///etc/hosts',
  'jar:file:/x',
  's3://bucket/key',
  'x\0.png',
  'x%00.png',
  'a\n/etc/passwd',
  '．．／x',
  '‥/x',
  '..\u2215x',
  '.\u200b./x',
  '....//x',
  '..././x',
  '.. /x',
  '..;/x',
  `%${'25'.repeat(20)}`,
  'x'.repeat(40_000),
]

const STAYING = [
  '',
  '.',
  './a',
  'src/a.ts',
  'src/../src/a.ts',
  'a/..',
  '..hidden',
  'a..b',
  '...',
  'notes/...',
  '..a/b..',
  '.env.example',
  'src/[...slug]/$types/page.ts',
  '$id.tsx',
  'app/$userId/edit.tsx',
  'Outer$Inner.class',
  'a~',
  '~$doc.docx',
  'file~1.txt',
  '100%.md',
  '50%25.md',
  'foo%20bar.txt',
  'C#/x.cs',
  'Übungen/第二章.cs',
  'a b/c d.txt',
  '@scope/pkg',
  '(group)/page.tsx',
  'x:y',
  'src\\a.ts',
  '{{cookiecutter.name}}/x',
  '….md',
  '½.md',
  'a//b',
  'etc/passwd',
  'proc/self',
  'notes (1).md',
]

describe('staysInside', () => {
  it.each(LEAVING)('sees %j leave', (path) => expect(staysInside(path)).toBe(false))
  it.each(STAYING)('sees %j stay', (path) => expect(staysInside(path)).toBe(true))

  it('takes bounded time for any path', () => {
    const start = performance.now()
    for (const part of ['%25', '../', '${A:', 'file:', ' ', '&#46;', '$A', '~'])
      staysInside(part.repeat(32_000 / part.length))
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe('pathEscape', () => {
  const rules = (action: Parameters<typeof subjectFor>[0]['action']): string[] =>
    pathEscape.find(subjectFor({ action })).map(({ rule }) => rule)

  it('judges members by their names only for skills of the workspace', () => {
    const input = { path: '../x' }
    expect(rules({ skillId: 'workspace.read-file', input })).toEqual(['path_escapes'])
    expect(rules({ skillId: 'files.read', input })).toEqual([])
    expect(rules({ skillId: 'files.read', input, formats: { '/path': 'path' } })).toEqual(['path_escapes'])
  })

  it('leaves what the resources name to the scope, unless its text leads elsewhere', () => {
    const resources = { read: ['/srv/docs'], write: [], hosts: [] }
    const formats = { '/path': 'path' } as const
    const of = (path: string) => rules({ skillId: 'files.read', input: { path }, resources, formats })
    expect(of('/srv/docs')).toEqual([])
    expect(of('/srv/docs/a.md')).toEqual([])
    expect(of('/srv/docs/../repo/a.md')).toEqual(['path_escapes'])
    expect(of('/srv/docs-old')).toEqual(['path_escapes'])
  })

  it('takes many lines in a member called file for its content', () =>
    expect(rules({ skillId: 'workspace.write-file', input: { file: '/* a */\nexport {}\n' } })).toEqual([]))

  it('says where, not what', () => {
    const [fact] = pathEscape.find(subjectFor({ action: { input: { paths: [{ path: '~/x' }] } } }))
    expect(fact).toMatchObject({ evidence: '/paths/0/path', spans: [{ pointer: '/paths/0/path' }] })
  })
})
