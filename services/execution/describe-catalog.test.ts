import { join } from 'node:path'
import { digestOf, sha256Hex } from '@azora/proof'
import { afterEach, describe, expect, it } from 'vitest'
import { describeCatalog } from './describe-catalog.ts'
import { createIsolation } from './isolation/bubblewrap.ts'
import { AGENT } from './testing/agents.ts'
import { PLAY_SKILL } from './testing/play-skill.ts'
import { createTestProject, type TestProject } from './testing/project.ts'

let project: TestProject
afterEach(() => project.remove())

async function describeIt(catalog: Record<string, string>) {
  project = await createTestProject(catalog)
  const isolation = await createIsolation({ projectRoot: project.root })
  return describeCatalog({ isolation, projectRoot: project.root })
}

describe('describeCatalog', () => {
  it('answers the manifests, with the digests that nodes will check', async () => {
    const catalog = await describeIt({ 'skills/play.skill.ts': PLAY_SKILL, 'agents/thinker.agent.ts': AGENT })
    expect(catalog.errors).toEqual([])
    expect(catalog.skills).toMatchObject([
      {
        skillId: 'test.play',
        entrypoint: 'skills/play.skill.ts',
        codeDigest: digestOf({ 'skills/play.skill.ts': sha256Hex(PLAY_SKILL) }),
        effects: ['write'],
      },
    ])
    expect(catalog.agents).toMatchObject([
      { agentId: 'thinker', codeDigest: digestOf({ 'agents/thinker.agent.ts': sha256Hex(AGENT) }) },
    ])
  })

  it('names the modules that can not be used, beside the others', async () => {
    const catalog = await describeIt({
      'skills/broken.skill.ts': "throw new Error('never mind')\n",
      'skills/play.skill.ts': PLAY_SKILL,
    })
    expect(catalog.skills).toHaveLength(1)
    expect(catalog.errors).toEqual([
      { entrypoint: 'skills/broken.skill.ts', message: expect.stringContaining('never mind') },
    ])
  })

  it('imports modules where they see and change nothing', async () => {
    const text = `import { existsSync, writeFileSync } from 'node:fs'
      const { dirname, join } = await import('node:path')
      const root = join(dirname(import.meta.filename), '../..')
      const seen = ['services', '.git', '../data'].filter((path) => existsSync(join(root, path)))
      let wrote = true
      try { writeFileSync(join(root, 'catalog/written'), '') } catch { wrote = false }
      throw new Error(JSON.stringify({ seen, wrote }))\n`
    const { errors } = await describeIt({ 'skills/nosy.skill.ts': text })
    expect(errors[0]?.message).toContain('{"seen":[],"wrote":false}')
  })

  it.each([
    ['ends the process', 'process.exit(0)\n'],
    ['ends the process with a failure', "console.error('I give up'); process.exit(5)\n"],
    ['writes what is no description', "import { writeSync } from 'node:fs'\nwriteSync(1, 'hello')\nprocess.exit(0)\n"],
    ['writes without end', "import { writeSync } from 'node:fs'\nfor (;;) writeSync(1, 'x'.repeat(65536))\n"],
  ])('fails when a module %s', async (_what, text) => {
    await expect(describeIt({ 'skills/bad.skill.ts': text })).rejects.toMatchObject({ code: 'catalog_unreadable' })
  })

  it('reads the catalog of this repository', async () => {
    project = await createTestProject()
    const root = join(import.meta.dirname, '../..')
    const catalog = await describeCatalog({
      isolation: await createIsolation({ projectRoot: root }),
      projectRoot: root,
    })
    expect(catalog.errors).toEqual([])
    expect(catalog.skills.map(({ skillId }) => skillId)).toContain('git.clone')
  })
})
