import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { silentLog, systemClock } from '@azora/base'
import { type Constitution, createConstitution } from '@azora/constitution'
import type { VerificationRequest } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { digestOfLaw, readConstitution, readLaw } from '@azora/law'
import { type Signer, signStatement } from '@azora/proof'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner, openJournal } from '../support/journal.ts'
import { activation, forbidSkill, lawWith, newOwner } from '../support/law.ts'
import { actionOf, verified } from '../support/verified.ts'

const PROJECT = fileURLToPath(new URL('../../constitution', import.meta.url))
const BY = { id: 'user:owner', tenant: 'default' }

let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let folder: string
const owner = newOwner()
const journalSigner = newSigner()

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  journal = await openJournal(database.db, { signer: journalSigner })
  folder = await mkdtemp(join(tmpdir(), 'azora-law-'))
  for (const { name, text } of SEED) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
})
afterEach(async () => {
  await journal.close()
  await database.close()
  await rm(folder, { recursive: true })
})

const open = (change: { signer?: Signer | undefined; ownerKeys?: string[] } = {}): Promise<Constitution> =>
  createConstitution({
    db: database.db,
    journal,
    ownerKeys: change.ownerKeys ?? [owner.verifier.text],
    seed: { folder, signer: 'signer' in change ? change.signer : owner },
    log: silentLog,
    clock: systemClock,
  })

const request = (skillId = 'test.read'): VerificationRequest => verified(actionOf(skillId)).request
const positionOf = async (constitution: Constitution) => {
  const { sequence, digest } = await constitution.current()
  return { sequence, ...(digest !== undefined && { digest }) }
}
const SEED = [
  ...lawWith(forbidSkill('test.destroy')),
  { name: 'cases/base.json', text: JSON.stringify(request()) },
  {
    name: 'cases/02-destroy.json',
    text: JSON.stringify({
      article: '2',
      cases: [
        { name: 'reads', expect: { verdict: 'allow', rules: [] } },
        {
          name: 'destroys',
          action: { skillId: 'test.destroy' },
          declaredSkills: null,
          expect: { verdict: 'deny', rules: ['no_test_destroy'] },
        },
      ],
    }),
  },
]
const NO_TEST = lawWith(forbidSkill('test.read'))
const ALL = lawWith()

/** The rules by which it decides. */
const rules = (constitution: Constitution, skillId?: string) =>
  constitution.verify(request(skillId)).reasons.map(({ rule }) => rule)

describe('the first start', () => {
  it("activates the folder's law with the owner's key, once", async () => {
    await rm(folder, { recursive: true })
    await cp(PROJECT, folder, { recursive: true })
    const constitution = await open()
    expect(constitution.problem).toBeUndefined()
    expect(constitution.verify(request()).verdict).toBe('allow')
    const view = await constitution.current()
    expect(view).toMatchObject({ sequence: 1, digest: digestOfLaw(await readLaw(PROJECT)), by: 'system:constitution' })
    expect(view.folderDiffers).toBeUndefined()
    await open()
    expect(await constitution.versions()).toHaveLength(1)
  })

  it('denies everything where nobody may sign, until somebody activates a law', async () => {
    const constitution = await open({ signer: undefined })
    expect(rules(constitution)).toEqual(['constitution_unavailable'])
    expect(constitution.verifyOutput({ runId: '', tenant: 'a', principal: 'user:a', outputs: null }).verdict).toBe(
      'deny',
    )
    await constitution.activate(activation(owner, ALL, { sequence: 0 }), BY)
    expect(constitution.verify(request()).verdict).toBe('allow')
  })

  it('denies everything when the law is broken or its cases fail, and puts nothing on record', async () => {
    await writeFile(join(folder, 'articles', '99-broken.cedar'), 'permit (principal')
    expect((await open()).problem).toContain('99-broken.cedar')
    await writeFile(join(folder, 'articles', '99-broken.cedar'), forbidSkill('test.read', 'CRITICAL', 99))
    expect((await open()).problem).toContain('cases failed')
    expect(await journal.last('constitution.activated')).toBeUndefined()
  })
})

describe('an activation', () => {
  it('replaces the law at once, is kept over a restart, and says when the folder differs', async () => {
    const constitution = await open()
    const first = await positionOf(constitution)
    await constitution.activate(activation(owner, NO_TEST, first), BY)
    expect(rules(constitution)).toEqual(['no_test_read'])
    const again = await open()
    expect(rules(again)).toEqual(['no_test_read'])
    expect(again.digest).toBe(constitution.digest)
    const view = await again.current()
    expect(view).toMatchObject({
      sequence: 2,
      by: 'user:owner',
      withoutCases: true,
      folderDiffers: expect.stringContaining(folder),
    })
    expect(view.articles.map(({ rule }) => rule)).toEqual(['everything', 'no_test_read'])
    expect((await again.versions()).map(({ sequence }) => sequence)).toEqual([2, 1])
    expect(await again.files(again.digest)).toEqual(NO_TEST)
  })

  it('needs the owner, the next number, the law before it and exactly its files', async () => {
    const constitution = await open()
    const first = await positionOf(constitution)
    const good = activation(owner, NO_TEST, first)
    const refused: Array<[object, string]> = [
      [activation(newOwner(), NO_TEST, first), 'signature_invalid'],
      [{ ...good, statement: { ...good.statement, at: '2026-01-02T00:00:00.000Z' } }, 'signature_invalid'],
      [activation(owner, NO_TEST, { ...first, sequence: 4 }), 'sequence_conflict'],
      [activation(owner, NO_TEST, { ...first, sequence: 0 }), 'sequence_conflict'],
      [activation(owner, NO_TEST, { sequence: 1, digest: 'f'.repeat(64) }), 'sequence_conflict'],
      [{ ...good, files: ALL }, 'digest_mismatch'],
      [activation(owner, lawWith('permit (principal'), first), 'law_invalid'],
      [activation(owner, await constitution.files(constitution.digest), first), 'already_in_force'],
    ]
    for (const [bad, code] of refused)
      await expect(constitution.activate(bad as typeof good, BY)).rejects.toMatchObject({ code })
    await constitution.activate(good, BY)
    await expect(constitution.activate(good, BY)).rejects.toMatchObject({ code: 'sequence_conflict' })
  })

  it('tries the cases unless the statement says that it did not', async () => {
    const constitution = await open()
    const first = await positionOf(constitution)
    const files = await constitution.files(constitution.digest)
    const changed = [...files, { name: 'articles/99-no.cedar', text: forbidSkill('test.read', 'CRITICAL', 99) }]
    const { withoutCases: _, ...statement } = activation(owner, changed, first).statement
    await expect(
      constitution.activate({ ...signStatement(statement, owner), files: changed }, BY),
    ).rejects.toMatchObject({ code: 'cases_failed', details: expect.arrayContaining([expect.anything()]) })
    await constitution.activate(activation(owner, changed, first), BY)
    expect(rules(constitution)).toEqual(['no_test_read'])
  })

  it('brings a former law back only when that is stated', async () => {
    const constitution = await open()
    const files = await constitution.files(constitution.digest)
    await constitution.activate(activation(owner, NO_TEST, await positionOf(constitution)), BY)
    const back = activation(owner, files, await positionOf(constitution))
    await expect(constitution.activate(back, BY)).rejects.toMatchObject({ code: 'rollback_not_stated' })
    await constitution.activate(activation(owner, files, await positionOf(constitution), { rollback: true }), BY)
    expect((await constitution.versions())[0]).toMatchObject({ sequence: 3, rollback: true })
  })

  it('of one number wins only once, however many are sent', async () => {
    const constitution = await open()
    const first = await positionOf(constitution)
    const sent = ['a', 'b', 'c'].map((name) => activation(owner, lawWith(forbidSkill(name)), first))
    const results = await Promise.allSettled(sent.map((one) => constitution.activate(one, BY)))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect((await constitution.current()).digest).toBe(sent[0]?.statement.constitution)
  })
})

describe('a server denies everything', () => {
  const UNAVAILABLE = ['constitution_unavailable']

  it.each([
    ['missing', 'delete from constitution.version'],
    ['changed', `update constitution.version set files = replace(files::text, 'forbid', 'permit')::json`],
    ['not files', `update constitution.version set files = '[]'`],
  ])('when the files in force are %s, until the law is activated again', async (_, damage) => {
    await open()
    await database.db.query(damage)
    const constitution = await open()
    expect(rules(constitution)).toEqual(UNAVAILABLE)
    expect(constitution.problem).toContain('missing or were changed')
    const files = await readConstitution(folder)
    await constitution.activate(activation(owner, files, await positionOf(constitution)), BY)
    expect(constitution.verify(request()).verdict).toBe('allow')
    expect((await open()).problem).toBeUndefined()
  })

  it("when the activation is not signed by one of the owner's keys", async () => {
    await open()
    const constitution = await open({ ownerKeys: [newOwner().verifier.text] })
    expect(rules(constitution)).toEqual(UNAVAILABLE)
    expect(constitution.problem).toContain("not one of the owner's")
  })

  it('when the last activation does not hold, though an earlier one does', async () => {
    const first = await open()
    const { payload } = (await journal.last('constitution.activated')) ?? {}
    if (!payload) throw new Error('no activation')
    await journal.append({
      kind: 'constitution.activated',
      tenant: 'default',
      actor: 'user:intruder',
      payload: { ...payload, sequence: 2, previous: payload.constitution },
    })
    expect(rules(first)).toEqual(UNAVAILABLE)
    const constitution = await open()
    expect(constitution.problem).toContain('another activation')
    await constitution.activate(activation(owner, ALL, await positionOf(constitution)), BY)
    expect((await open()).verify(request()).verdict).toBe('allow')
  })

  it('when the last activation was never signed or was erased, and follows it with the right number', async () => {
    const unsigned = { constitution: 'a'.repeat(64), articles: 3 }
    await journal.append({
      kind: 'constitution.activated',
      tenant: 'default',
      actor: 'system:x',
      payload: unsigned as never,
    })
    const constitution = await open()
    expect(rules(constitution)).toEqual(UNAVAILABLE)
    await constitution.activate(activation(owner, ALL, await positionOf(constitution)), BY)
    await database.db.query(
      `update journal.entry set payload = null, salt = null, erased_by = index + 1 where kind = 'constitution.activated'`,
    )
    const erased = await open()
    expect(rules(erased)).toEqual(UNAVAILABLE)
    await erased.activate(activation(owner, NO_TEST, await positionOf(erased)), BY)
    expect((await open()).problem).toBeUndefined()
  })
})
