import type { JsonObject, RunSpec, SkillManifest } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import { describe, expect, it } from 'vitest'
import { RUN, specOf, stepOf } from '../testing/entries.ts'
import { actionOf, proposerOf, resourcesOf } from './action.ts'

const SKILL: SkillManifest = {
  skillId: 'git.clone',
  version: '1.2.3',
  title: 'Clone',
  description: 'Clones a repository',
  effects: ['read'],
  idempotent: true,
  workspace: 'write',
  resources: { read: ['/from', '/other'], write: ['/to'], urls: ['/from', '/url'] },
  limits: { wallMs: 1_000, outputBytes: 1_024, fileBytes: 1_024 },
  policies: [],
  inputSchema: {},
  outputSchema: {},
  entrypoint: 'skills/git-clone.ts',
  codeDigest: 'b'.repeat(64),
}
const resources = (input: JsonObject) => resourcesOf(SKILL, input)

describe('the resources of an input', () => {
  it('are the paths and hosts that the manifest points to', () =>
    expect(resources({ from: '/srv/repo', to: '/srv/out/', url: 'https://Example.org:8443/x?y=1#z' })).toEqual({
      read: ['/srv/repo'],
      write: ['/srv/out'],
      hosts: ['example.org:8443'],
    }))

  it('take a value that may be a path or a URL for what it is', () => {
    expect(resources({ from: 'https://git.example/x.git' })).toEqual({ read: [], write: [], hosts: ['git.example'] })
    expect(resources({ from: 'file:///srv/repo' })).toEqual({ read: ['/srv/repo'], write: [], hosts: [] })
    expect(resources({ from: 'HTTP://user:secret@127.0.0.1/x' })).toEqual({ read: [], write: [], hosts: ['127.0.0.1'] })
    expect(resources({ url: 'http://[::1]:80/' })).toEqual({ read: [], write: [], hosts: ['[::1]'] })
  })

  it('are named once, and there are none where the input says nothing', () => {
    expect(resources({ from: '/a', other: '/a/' }).read).toEqual(['/a'])
    expect(resources({ from: 7, to: null })).toEqual({ read: [], write: [], hosts: [] })
    expect(resources({ from: '/' }).read).toEqual(['/'])
  })

  it.each([
    ['a relative path', { from: 'srv/repo' }],
    ['a path upwards', { from: '/srv/../etc' }],
    ['a path upwards from the root', { from: '/../etc' }],
    ['a path upwards behind a line feed', { to: '/srv\n/../etc' }],
    ['a file URL of another host', { from: 'file://host/srv' }],
    ['another scheme', { from: 'ssh://host/srv' }],
    ['a URL without a host', { url: 'https://' }],
    ['nothing', { from: '' }],
  ] as Array<[string, JsonObject]>)('are refused: %s', (_, input) =>
    expect(() => resources(input)).toThrow(expect.objectContaining({ code: 'invalid_resource', advice: 'fix' })),
  )
})

describe('an action', () => {
  const origin = { runId: RUN, tenant: 'default', proposer: 'agent:tester@1.0.0', owner: 'user:owner' }

  it('says everything that its verdict depends on', () =>
    expect(actionOf(origin, 'clone', SKILL, { from: '/a' })).toEqual({
      runId: RUN,
      stepId: 'clone',
      tenant: 'default',
      principal: 'agent:tester@1.0.0',
      owner: 'user:owner',
      skillId: 'git.clone',
      skillVersion: '1.2.3',
      codeDigest: 'b'.repeat(64),
      input: { from: '/a' },
      effects: ['read'],
      workspace: 'write',
      resources: { read: ['/a'], write: [], hosts: [] },
      limits: {
        wallMs: 1_000,
        cpuMs: 2_000,
        memoryBytes: 1_073_741_824,
        processes: 512,
        openFiles: 4_096,
        outputBytes: 1_024,
        fileBytes: 1_024,
        diskBytes: 4_294_967_296,
        tmpBytes: 536_870_912,
      },
    }))

  it('says what its arguments are, as the manifest says', () => {
    const formats = { '/from': 'path' as const }
    expect(actionOf(origin, 'clone', { ...SKILL, formats }, { from: '/a' }).formats).toEqual(formats)
  })

  it('names the money that it asks for', () => {
    const resources = { ...SKILL.resources, spend: [{ amount: '/sum', currency: '/in' }] }
    const asking = (input: JsonObject) => actionOf(origin, 'pay', { ...SKILL, resources }, { from: '/a', ...input })
    expect(asking({ sum: 1250, in: 'EUR' }).resources.spend).toEqual([{ amount: 1250, currency: 'EUR' }])
    for (const input of [{ sum: 12.5, in: 'EUR' }, { sum: -1, in: 'EUR' }, { sum: 1, in: 'euro' }, { in: 'EUR' }])
      expect(() => asking(input as JsonObject)).toThrow(expect.objectContaining({ code: 'invalid_resource' }))
  })

  it('has another digest when anything in it differs', () => {
    const digests = [
      actionOf(origin, 'clone', SKILL, { from: '/a' }),
      actionOf(origin, 'clone2', SKILL, { from: '/a' }),
      actionOf(origin, 'clone', SKILL, { from: '/b' }),
      actionOf(origin, 'clone', { ...SKILL, codeDigest: 'c'.repeat(64) }, { from: '/a' }),
      actionOf({ ...origin, owner: 'user:other' }, 'clone', SKILL, { from: '/a' }),
    ].map(digestOf)
    expect(new Set(digests).size).toBe(digests.length)
  })

  it('is proposed by the agent, or by the owner where there is none', () => {
    const direct: RunSpec = specOf({ plan: { steps: [stepOf('skill')] } })
    expect([proposerOf(specOf()), proposerOf(direct)]).toEqual(['agent:tester@1.0.0', 'user:owner'])
  })
})
