import { silentLog } from '@azora/base'
import { createIdentity, createToken, type Identity } from '@azora/identity'
import type { Journal } from '@azora/journal'
import { createRegistry, type Registry } from '@azora/skills'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner, openJournal } from '../support/journal.ts'
import { READ, SCRIPTED, STRICT } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
})
afterEach(() => database.close())

describe('identity', () => {
  const owner = { id: 'user:owner', tenant: 'default', roles: ['owner' as const], keys: [] }
  let identity: Identity
  beforeEach(async () => {
    identity = await createIdentity({ db: database.db })
  })

  it.each([undefined, '', 'azo_', 'Bearer x', `azo_${'a'.repeat(42)}`, `azo_${'a'.repeat(43)} `, createToken()])(
    'knows nobody by the token %j',
    async (token) => {
      await expect(identity.authenticate(token)).rejects.toMatchObject({
        code: 'unauthenticated',
        advice: 'authenticate',
      })
    },
  )

  it('knows a principal by its token, which the database does not hold', async () => {
    const token = createToken()
    await identity.assign(token, owner)
    expect(await identity.authenticate(token)).toEqual(owner)
    expect(await identity.authenticate(token)).toEqual(owner)
    const { rows } = await database.db.query<{ row: string }>('select c::text as row from identity.credential c')
    expect(JSON.stringify(rows)).not.toContain(token.slice(4))
    const restarted = await createIdentity({ db: database.connect() })
    expect(await restarted.authenticate(token)).toEqual(owner)
  })

  it('forgets the old token when a new one is assigned, also one that was just used', async () => {
    const [first, second] = [createToken(), createToken()]
    await identity.assign(first, owner)
    await identity.authenticate(first)
    await Promise.all([identity.assign(second, owner), identity.authenticate(first).catch(() => undefined)])
    await expect(identity.authenticate(first)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await identity.authenticate(second)).toEqual(owner)
  })

  it('keeps principals apart', async () => {
    const [mine, theirs] = [createToken(), createToken()]
    const node = { id: 'node:local', tenant: 'default', roles: ['node' as const], keys: [] }
    await identity.assign(mine, owner)
    await identity.assign(theirs, node)
    expect(await identity.authenticate(mine)).toEqual(owner)
    expect(await identity.authenticate(theirs)).toEqual(node)
  })

  it('removes whom it added, whatever their role, and nobody whom the server needs', async () => {
    const record = async () => {}
    for (const role of ['reviewer', 'auditor', 'witness'] as const) {
      const added = { id: `user:${role}`, tenant: 'default', roles: [role], keys: [] }
      const token = await identity.add(added, record)
      expect(await identity.authenticate(token)).toEqual(added)
      await identity.remove('default', added.id, record)
      await expect(identity.authenticate(token)).rejects.toMatchObject({ code: 'unauthenticated' })
    }
    await identity.assign(createToken(), owner)
    await identity.assign(createToken(), { id: 'node:local', tenant: 'default', roles: ['node'], keys: [] })
    for (const id of [owner.id, 'node:local'])
      await expect(identity.remove('default', id, record)).rejects.toMatchObject({ code: 'principal_protected' })
  })
})

describe('the registry', () => {
  let journal: Journal
  let registry: Registry
  const signer = newSigner()
  beforeEach(async () => {
    journal = await openJournal(database.db, { signer })
    registry = await createRegistry({ db: database.db, journal, log: silentLog })
  })
  afterEach(() => journal.close())

  it('journals each version once', async () => {
    const found = { skills: [READ, STRICT], agents: [SCRIPTED] }
    expect(await registry.register(found)).toEqual({ conflicts: [] })
    expect(await registry.register(found)).toEqual({ conflicts: [] })
    const again = await createRegistry({ db: database.db, journal, log: silentLog })
    expect(await again.register(found)).toEqual({ conflicts: [] })
    const entries = await journal.read(0, 10)
    expect(entries.map(({ header }) => header.kind).sort()).toEqual([
      'agent.registered',
      'catalog.offered',
      'skill.registered',
      'skill.registered',
    ])
    expect(again.skills().map(({ skillId }) => skillId)).toEqual(['test.read', 'test.strict'])
    expect(again.agents()).toEqual([SCRIPTED])
  })

  it('never takes another content under a version that it knows', async () => {
    await registry.register({ skills: [READ], agents: [] })
    const changed = { ...READ, description: 'changed' }
    expect(await registry.register({ skills: [changed, STRICT], agents: [] })).toEqual({
      conflicts: ['test.read@1.0.0'],
    })
    expect(registry.skill('test.read')).toEqual(READ)
    expect(registry.skill('test.strict')).toEqual(STRICT)
    const restarted = await createRegistry({ db: database.db, journal, log: silentLog })
    expect(await restarted.register({ skills: [changed], agents: [] })).toEqual({ conflicts: ['test.read@1.0.0'] })
    expect(() => restarted.skill('test.read')).toThrow('there is no skill test.read')
  })

  it('shows a run what was offered when it began, and puts on record what is offered when that changes', async () => {
    const digestIn = (letter: string): string => letter.repeat(64)
    const one = { ...READ, codeDigest: digestIn('1') }
    const two = { ...READ, version: '1.1.0', codeDigest: digestIn('2') }
    const strict = { ...STRICT, codeDigest: digestIn('3') }
    const offer = async (...skills: (typeof READ)[]): Promise<Registry> => {
      const next = await createRegistry({ db: database.db, journal, log: silentLog })
      await next.register({ skills, agents: [] })
      return next
    }
    const sizes: number[] = []
    for (const skills of [[one], [two], [two], [one], [strict]]) {
      registry = await offer(...skills)
      sizes.push(journal.status().size)
    }
    expect(sizes).toEqual([2, 4, 4, 5, 7])
    const { recorded } = registry
    const versionAt = (index: number, version?: string) => recorded.at(index).skill('test.read', version).version
    expect([2, 3, 4, 5].map((index) => versionAt(index))).toEqual(['1.0.0', '1.0.0', '1.1.0', '1.0.0'])
    expect(() => versionAt(2, '1.1.0')).toThrow('there was no skill test.read@1.1.0 when the run began')
    expect(() => versionAt(7)).toThrow('there was no skill test.read when the run began')
    expect(() => registry.skill('test.read')).toThrow('there is no skill test.read')
    // Runs from before the first offer use that one; what they did before is told from what was registered by then.
    expect(versionAt(0)).toBe('1.0.0')
    expect(recorded.at(0, 1)).toMatchObject({ isOffered: false })
    expect(registry.codeSince(4)).toEqual(new Set(['2', '1', '3'].map(digestIn)))
    expect(registry.codeSince(5)).toEqual(new Set(['1', '3'].map(digestIn)))
    expect(registry.codeSince(7)).toEqual(new Set([digestIn('3')]))
  })

  it('gives the newest version unless one is named', async () => {
    const versions = ['1.9.0', '1.10.0', '2.0.0-rc.1', '1.0.0']
    await registry.register({ skills: versions.map((version) => ({ ...READ, version })), agents: [] })
    expect(registry.skill('test.read').version).toBe('2.0.0-rc.1')
    await registry.register({ skills: [{ ...READ, version: '2.0.0' }], agents: [] })
    expect(registry.skill('test.read').version).toBe('2.0.0')
    expect(registry.skill('test.read', '1.9.0').version).toBe('1.9.0')
    expect(registry.skills().map(({ version }) => version)).toEqual(['2.0.0', '2.0.0-rc.1', '1.10.0', '1.9.0', '1.0.0'])
    expect(() => registry.skill('test.read', '3.0.0')).toThrow('there is no skill test.read@3.0.0')
    expect(() => registry.agent('nobody')).toThrow('there is no agent nobody')
  })

  it('says where an input is wrong', async () => {
    const check = (input: object) => () => registry.checkSkillInput(STRICT, input as never)
    expect(check({ path: 'a' })).not.toThrow()
    expect(check({ path: 7 })).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        advice: 'fix',
        message: 'the input of test.strict@1.0.0 is not valid: /path must be string',
        details: [{ pointer: '/path', message: 'must be string' }],
      }),
    )
    expect(check({})).toThrow("input must have required property 'path'")
    expect(check({ path: 'a', more: 1 })).toThrow('must NOT have additional properties: more')
  })

  it('checks versions apart whose schemas have one $id', () => {
    const schema = (type: string) => ({ $id: 'https://example.org/input', type: 'object', properties: { x: { type } } })
    const [one, two] = [
      { ...READ, inputSchema: schema('string') },
      { ...READ, version: '2.0.0', inputSchema: schema('number') },
    ]
    registry.checkSkillInput(one, { x: 'text' })
    registry.checkSkillInput(two, { x: 1 })
    expect(() => registry.checkSkillInput(two, { x: 'text' })).toThrow('/x must be number')
  })
})
