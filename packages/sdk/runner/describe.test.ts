import { join } from 'node:path'
import { AgentManifest, SkillManifest } from '@azora/contracts'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CatalogDescription } from './catalog.ts'
import { describeCatalog } from './catalog.ts'
import { CATALOG, runRunner } from './testing/process.ts'

describe('the describer', () => {
  let described: CatalogDescription

  beforeAll(async () => {
    const { stdout, status } = await runRunner({ runner: 'describe', argument: CATALOG })
    expect(status).toBe(0)
    described = JSON.parse(stdout)
  })

  it('describes skills and agents as the registry wants them, but for the digest of their code', () => {
    const Skill = SkillManifest.omit({ codeDigest: true })
    const Agent = AgentManifest.omit({ codeDigest: true })
    expect(described.skills.map((skill) => Skill.parse(skill).skillId)).toEqual(['test.echo', 'test.fetch'])
    expect(described.agents.map((agent) => Agent.parse(agent).agentId)).toEqual(['counter'])
  })

  it('fills in what the author left out', () => {
    expect(described.skills[0]).toMatchObject({
      resources: { read: ['/text'], write: [], urls: [] },
      limits: { wallMs: 5000, outputBytes: 1_048_576 },
      policies: [],
      entrypoint: 'skills/echo.skill.ts',
    })
  })

  it('leaves inputs with a default optional', () => {
    expect(described.skills[0]?.inputSchema).toMatchObject({ required: ['text'], additionalProperties: false })
  })

  it('names entry points below the folder', () => {
    expect(described.skills[1]?.entrypoint).toBe('skills/nested/fetch.skill.ts')
  })

  it('reports broken modules beside the others', () => {
    expect(described.errors).toEqual([
      { entrypoint: 'skills/broken.skill.ts', message: expect.stringContaining('broken on purpose') },
      { entrypoint: 'skills/other.skill.ts', message: expect.stringContaining('no skill') },
    ])
  })

  it('finds nothing in a folder without a catalog', async () => {
    expect(await describeCatalog(join(CATALOG, 'absent'), 1000)).toEqual({ skills: [], agents: [], errors: [] })
  })
})
