import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { silentLog } from '@azora/base'
import { VerificationResult } from '@azora/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Constitution, openLaw } from './constitution.ts'
import { CONSTITUTION, requestFor } from './testing/requests.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azora-constitution-'))
  await cp(fileURLToPath(CONSTITUTION), folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const load = (): Promise<Constitution> => openLaw({ folder, log: silentLog })
const article = (text: string) => writeFile(join(folder, 'articles', '99-new.cedar'), text)
const policy = (changes: Record<string, string | undefined> = {}, body = 'forbid (principal, action, resource);') =>
  Object.entries({ id: 'new_rule', article: '99', title: 'New', severity: 'LOW', remedy: 'None.', ...changes })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `@${name}(${JSON.stringify(value)})\n`)
    .join('') + body
const OUTPUT = { runId: '01890a5d-ac96-774b-bcce-b302099a8057', tenant: 'acme', principal: 'user:owner', outputs: {} }

async function expectShut(problem: RegExp): Promise<void> {
  const constitution = await load()
  expect(constitution.problem).toMatch(problem)
  expect(constitution.articles).toEqual([])
  for (const result of [constitution.verify(requestFor({})), constitution.verifyOutput(OUTPUT)]) {
    expect(VerificationResult.parse(result)).toMatchObject({
      verdict: 'deny',
      reasons: [{ rule: 'constitution_unavailable', severity: 'CRITICAL' }],
    })
  }
}

describe('a law that is missing or broken denies everything', () => {
  it.each(['', 'articles', 'schema.cedarschema', 'thresholds.json'])('without %j', async (name) => {
    await rm(join(folder, name), { recursive: true })
    await expectShut(name === '' || name === 'articles' ? /articles/ : new RegExp(name))
  })

  it('without any article', async () => {
    await rm(join(folder, 'articles'), { recursive: true })
    await mkdir(join(folder, 'articles'))
    await expectShut(/the law is empty/)
  })

  it.each([
    ['no Cedar', 'forbid (principal', /99-new/],
    ['an unknown word', policy({}, 'forbid (principal, action, resource) when { context.colour == "red" };'), /colour/],
    ['an unknown effect', policy({}, 'forbid (principal, action == Action::"dance", resource);'), /dance/],
    [
      'a comparison of text with a number',
      policy({}, 'forbid (principal, action, resource) when { context.findings > 3 };'),
      /type/,
    ],
    ['a policy that never applies', policy({}, 'forbid (principal, action, resource) when { false };'), /impossible/],
    ['a template', policy({}, 'forbid (principal == ?principal, action, resource);'), /templates/],
    ['no @id', policy({ id: undefined }), /@id/],
    ['no @severity', policy({ severity: undefined }), /@severity/],
    ['an unknown severity', policy({ severity: 'MILD' }), /@severity/],
    ['a misspelt annotation', policy({ remidy: 'x' }), /remidy/],
    ['an @id of the gate', policy({ id: 'no_permit' }), /rule of the gate/],
    ['an @id twice', policy({ id: 'destructive_effect' }), /two policies/],
    ['two articles in a file', `${policy()}\n${policy({ id: 'other', article: '98' })}`, /holds 2/],
    ['a permit that is not CRITICAL', policy({}, 'permit (principal, action, resource);'), /always CRITICAL/],
    ['an empty file', '// nothing', /holds 0/],
  ])('with %s', async (_, text, problem) => {
    await article(text)
    await expectShut(problem)
  })

  it.each([
    '',
    '{}',
    '{"allow":95}',
    '{"allow":70,"review":95}',
    '{"allow":101,"review":0}',
    '{"allow":95,"review":70,"x":1}',
  ])('with the thresholds %j', async (text) => {
    await writeFile(join(folder, 'thresholds.json'), text)
    await expectShut(/thresholds\.json/)
  })

  it('with bytes that are no text', async () => {
    await writeFile(join(folder, 'articles', '99-new.cedar'), Buffer.from([0xff, 0xfe]))
    await expectShut(/99-new\.cedar can't be read/)
  })

  it('with a file beyond the limit', async () => {
    await article(`//${'x'.repeat(262_144)}`)
    await expectShut(/larger than/)
  })
})

describe('the digest', () => {
  it('belongs to the content of the law', async () => {
    const { digest } = await load()
    expect((await load()).digest).toBe(digest)
    await article(policy())
    const changed = await load()
    expect(changed.digest).not.toBe(digest)
    expect(changed.verify(requestFor({})).constitution).toBe(changed.digest)
  })

  it.each(['thresholds.json', 'schema.cedarschema', 'articles/01-reading-and-computing.cedar'])(
    'covers %s',
    async (name) => {
      const { digest } = await load()
      await writeFile(join(folder, name), `${await readFile(join(folder, name), 'utf8')}\n`)
      expect((await load()).digest).not.toBe(digest)
    },
  )

  it('covers the names of files, and nothing else in the folder', async () => {
    const { digest } = await load()
    await writeFile(join(folder, 'CONSTITUTION.md'), 'other words')
    expect((await load()).digest).toBe(digest)
    await rename(join(folder, 'articles', '11-measure.cedar'), join(folder, 'articles', '11-other.cedar'))
    expect((await load()).digest).not.toBe(digest)
  })
})

describe('a new article', () => {
  it('works as the documentation shows it', async () => {
    const page = new URL('../docs/concepts/constitution.md', CONSTITUTION)
    const [, example = ''] = /```cedar\n([\s\S]*?)```/.exec(await readFile(page, 'utf8')) ?? []
    await article(example)
    const { verify } = await load()
    const { verdict, reasons } = verify(
      requestFor({ action: { skillId: 'git.publish-branch', effects: ['external'] } }),
    )
    expect({ verdict, rules: reasons.map(({ rule }) => rule) }).toEqual({
      verdict: 'review',
      rules: ['steward_pushes_reviewed'],
    })
  })

  it('is one file: it is listed, and its reason stands beside the others', async () => {
    await article(policy({ title: 'No Mondays', severity: 'HIGH', remedy: 'Wait.' }))
    const constitution = await load()
    expect(constitution.articles).toContainEqual({
      article: '99',
      rule: 'new_rule',
      title: 'No Mondays',
      severity: 'HIGH',
      remedy: 'Wait.',
      effect: 'forbid',
      quorum: 1,
      adjustable: false,
    })
    const { verdict, reasons } = constitution.verify(requestFor({ action: { effects: ['destructive'] } }))
    expect(verdict).toBe('deny')
    expect(reasons.map(({ rule }) => rule)).toEqual(['no_permit', 'destructive_effect', 'new_rule'])
    expect(constitution.verify(requestFor({}))).toMatchObject({
      verdict: 'review',
      score: 85,
      reasons: [
        { message: 'No Mondays.', remedy: 'Wait.', evidence: 'workspace.read-file@1.0.0 with the effects read' },
      ],
    })
  })

  it('can name a tenant, an agent, a skill and an owner', async () => {
    const body = `forbid (principal in Tenant::"acme", action in Action::"stateful", resource == Skill::"git.publish-branch")
      when { principal is Agent && principal.name == "repo-steward" && resource.version == "1.0.0" && context.onBehalfOf == "user:owner" };`
    await article(policy({ severity: 'CRITICAL' }, body))
    const constitution = await load()
    expect(constitution.problem).toBeUndefined()
    const publish = { skillId: 'git.publish-branch', effects: ['external' as const] }
    expect(constitution.verify(requestFor({ action: publish })).verdict).toBe('deny')
    for (const other of [
      { tenant: 'other' },
      { principal: 'agent:other@1.0.0' },
      { skillVersion: '1.0.1' },
      { owner: 'user:else' },
    ]) {
      expect(constitution.verify(requestFor({ action: { ...publish, ...other } })).verdict).toBe('allow')
    }
  })

  it('that fails while it is evaluated denies', async () => {
    await article(
      policy(
        {},
        'forbid (principal, action in Action::"act", resource) when { context.writes + 9223372036854775807 < 0 };',
      ),
    )
    const { verdict, reasons } = (await load()).verify(
      requestFor({ action: { effects: ['write'], resources: { read: [], write: ['/srv/repo'], hosts: [] } } }),
    )
    expect(verdict).toBe('deny')
    expect(reasons).toMatchObject([{ rule: 'policy_error', severity: 'CRITICAL', evidence: 'new_rule' }])
  })
})

describe('a request that does not fit', () => {
  it.each([
    ['nothing', null],
    ['an empty object', {}],
    ['an unknown kind of principal', { ...requestFor({}), action: { ...requestFor({}).action, principal: 'root' } }],
    ['a tenant of no type', { ...requestFor({}), action: { ...requestFor({}).action, tenant: 7 } }],
    ['effects of another type', { ...requestFor({}), action: { ...requestFor({}).action, effects: 'read' } }],
  ])('is denied: %s', async (_, request) => {
    const constitution = await load()
    // The type says that this can't happen; the gate must hold if it happens.
    const result = constitution.verify(request as ReturnType<typeof requestFor>)
    expect(VerificationResult.parse(result).verdict).toBe('deny')
    expect(result.reasons.every(({ severity }) => severity === 'CRITICAL')).toBe(true)
  })

  it('is denied, however deep its input is nested', async () => {
    const constitution = await load()
    let outputs: [] | [unknown] = []
    for (let depth = 0; depth < 100_000; depth += 1) outputs = [outputs]
    expect(constitution.verifyOutput({ ...OUTPUT, outputs: outputs as [] }).verdict).toBe('deny')
  })
})
