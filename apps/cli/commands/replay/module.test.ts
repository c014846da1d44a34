import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { moduleAt } from './module.ts'
import { requestOf, severalOf } from './options.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azora-module-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

describe('a draft of an agent', () => {
  it('is its module with what that imports by relative path, and nothing else', async () => {
    await write({
      'agents/a/a.agent.ts': "import { z } from 'zod'\nimport { b } from './b.ts'\nexport { c } from '../../lib/c.ts'",
      'agents/a/b.ts': "import './b.ts'\nconst d = import('../d.json')\nconst text = \"from './nowhere.ts'\"",
      'agents/d.json': '{}',
      'lib/c.ts': "import { a } from '../agents/a/a.agent.ts'",
      'lib/secret.ts': 'export const not = "sent"',
    })
    const { entrypoint, files } = await moduleAt(join(folder, 'agents/a/a.agent.ts'))
    expect(entrypoint).toBe('agents/a/a.agent.ts')
    expect(files.map(({ path }) => path).sort()).toEqual([
      'agents/a/a.agent.ts',
      'agents/a/b.ts',
      'agents/d.json',
      'lib/c.ts',
    ])
  })

  it('alone is a file without folders, also behind a link', async () => {
    await write({ 'deep/a.agent.ts': 'export default 1' })
    await symlink(join(folder, 'deep/a.agent.ts'), join(folder, 'link.ts'))
    const alone = { entrypoint: 'a.agent.ts', files: [{ path: 'a.agent.ts', text: 'export default 1' }] }
    expect(await moduleAt(join(folder, 'deep/a.agent.ts'))).toEqual(alone)
    expect(await moduleAt(join(folder, 'link.ts'))).toEqual(alone)
  })

  it('that can not be sent is refused with what to do', async () => {
    await expect(moduleAt(join(folder, 'nowhere.ts'))).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('defineAgent'),
    })
    await write({ 'a.agent.py': 'import x' })
    await expect(moduleAt(join(folder, 'a.agent.py'))).rejects.toMatchObject({
      message: expect.stringContaining('.ts'),
    })
    await write({ 'big.ts': 'x'.repeat(300_000) })
    await expect(moduleAt(join(folder, 'big.ts'))).rejects.toMatchObject({ code: 'usage' })
    const many = Array.from({ length: 201 }, (_, at) => `import './m${at}.ts'`)
    await write({ 'many.ts': many.join('\n'), ...Object.fromEntries(many.map((_, at) => [`m${at}.ts`, ''])) })
    await expect(moduleAt(join(folder, 'many.ts'))).rejects.toMatchObject({
      message: expect.stringContaining('more than 200'),
    })
  })
})

describe('the question', () => {
  const digest = 'a'.repeat(64)
  it.each([
    [{}, {}],
    [
      { all: true, agent: 'repo-steward@1.1.0-rc.1' },
      { all: true, agent: { agentId: 'repo-steward', version: '1.1.0-rc.1' } },
    ],
    [{ constitution: digest }, { constitution: { digest } }],
    [{ withoutAgent: true }, { withoutAgent: true }],
  ])('%j is %j', async (options, request) => {
    expect(await requestOf(options)).toEqual(request)
  })

  it.each([
    [{ agent: 'repo-steward' }],
    [{ agent: '@1.0.0' }],
    [{ agent: 'a@1' }],
    [{ agent: 'a@1.0.0', withoutAgent: true }],
    [{ agent: 'a@1.0.0', constitution: digest }],
    [{ limit: '3' }],
  ])('%j is none', async (options) => {
    await expect(requestOf(options)).rejects.toMatchObject({ code: 'usage', remedy: expect.any(String) })
  })

  it('about many runs takes what chooses among them, and nothing else', () => {
    const nowMs = Date.parse('2026-11-27T12:00:00.000Z')
    expect(severalOf({ agent: 'a', since: '12h', limit: '5' }, nowMs)).toEqual({
      agentId: 'a',
      since: '2026-11-27T00:00:00.000Z',
      limit: 5,
    })
    for (const options of [
      { all: true },
      { constitution: 'x' },
      { agentModule: 'x' },
      { withoutAgent: true },
      { agent: 'A' },
    ])
      expect(() => severalOf(options, nowMs)).toThrow()
  })
})
