import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AgentModule, ReplayRequest } from './replay.ts'

const moduleOf = (...paths: string[]) => ({
  entrypoint: paths[0],
  files: paths.map((path) => ({ path, text: 'export default 1' })),
})
const isModule = (...paths: string[]): boolean => AgentModule.safeParse(moduleOf(...paths)).success

describe('a draft of an agent', () => {
  it.each(['a.ts', 'agents/repo-steward/repo-steward.agent.ts', 'a/b.mjs', 'package.json', 'a/my_node_modules/b.ts'])(
    'may be %s',
    (path) => {
      expect(isModule(path)).toBe(true)
    },
  )

  it.each([
    '',
    '.ts',
    '/etc/a.ts',
    '../a.ts',
    'a/../b.ts',
    './a.ts',
    'a//b.ts',
    '.git/hooks/a.js',
    'node_modules/zod/a.ts',
    'a/node_modules/b.ts',
    'a\\b.ts',
    'a.ts\n',
    'a\0.ts',
    'a.sh',
    'a/b.ts/',
    `${'a/'.repeat(200)}b.ts`,
  ])('is never %j', (path) => {
    expect(isModule(path)).toBe(false)
  })

  it('has no path that leads out of its folder, or into a package', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z./\\_@-]{1,12}(node_modules)?[a-z./\\_-]{0,12}\.ts$/), (path) => {
        fc.pre(isModule(path))
        const segments = path.split('/')
        expect(
          segments.some((segment) => segment === '' || segment.startsWith('.') || segment === 'node_modules'),
        ).toBe(false)
        expect(path).not.toContain('\\')
      }),
      { numRuns: 2_000 },
    )
  })

  it('names each file once, and its entrypoint among them', () => {
    expect(isModule('a.ts', 'b.ts')).toBe(true)
    expect(isModule('a.ts', 'a.ts')).toBe(false)
    expect(AgentModule.safeParse({ ...moduleOf('a.ts'), entrypoint: 'b.ts' }).success).toBe(false)
  })

  it('is not larger than its limits', () => {
    const files = (count: number, size: number) =>
      Array.from({ length: count }, (_, at) => ({ path: `m${at}.ts`, text: 'x'.repeat(size) }))
    const fits = (count: number, size: number) =>
      AgentModule.safeParse({ entrypoint: 'm0.ts', files: files(count, size) }).success
    expect([fits(200, 10_000), fits(201, 1), fits(1, 262_145), fits(9, 262_144)]).toEqual([true, false, false, false])
  })
})

describe('a question', () => {
  it.each([
    [{}],
    [{ all: true }],
    [{ withoutAgent: true }],
    [{ agent: { agentId: 'a', version: '1.0.0' }, all: true }],
  ])('may be %j', (request) => {
    expect(ReplayRequest.safeParse(request).success).toBe(true)
  })

  it.each([
    [{ agent: { agentId: 'a', version: '1.0.0' }, withoutAgent: true }],
    [{ agent: { agentId: 'a', version: '1.0.0' }, constitution: { digest: 'a'.repeat(64) } }],
    [{ constitution: { digest: 'a' } }],
    [{ constitution: {} }],
    [{ agent: { agentId: 'a' } }],
    [{ perform: true }],
  ])('is never %j', (request) => {
    expect(ReplayRequest.safeParse(request).success).toBe(false)
  })
})
