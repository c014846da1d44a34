import type { Signer } from '@azora/proof'
import { describe, expect, it } from 'vitest'
import type { EvidenceParts } from './make.ts'
import { fileOf, LAW, newSigner, newWitness, type TestLog, type Written } from './testing/log.ts'
import {
  ACTION,
  ALLOWED,
  ASKED,
  addRun,
  allowedByPeople,
  decided,
  finished,
  logOf,
  preludeLog,
  REVIEW,
  RUN,
  requested,
  SCOPE,
  started,
  verified,
} from './testing/run.ts'
import { type EvidenceReport, verifyEvidence } from './verify.ts'

const plain = logOf(() => [verified(), started(), finished()])
const reviewed = logOf(allowedByPeople)

const flawsOf = ({ checks }: EvidenceReport): string => checks.flatMap(({ flaw }) => flaw ?? []).join('; ')
const reportOn = (log: TestLog): EvidenceReport =>
  verifyEvidence(log.bundleOf(RUN), { trustedKey: log.signer.verifier.text, ownerKeys: [log.owner.verifier.text] })

describe('the evidence of a run', () => {
  it.each([
    ['that did something', plain],
    ['in which people decided', reviewed],
    ['of which a denied action is part', logOf(() => [verified(DENIED)])],
    ['whose action no node took', logOf(() => [verified(), finished('none')])],
  ])('%s verifies', (_, log) => {
    const report = reportOn(log)
    expect(flawsOf(report)).toBe('')
    expect(report).toMatchObject({ verified: true, about: { runId: RUN, journalKey: log.signer.verifier.text } })
  })

  it('says what it does not prove without keys from elsewhere', () => {
    const { verified: consistent, notProved } = verifyEvidence(plain.bundleOf(RUN))
    expect(consistent).toBe(true)
    expect(notProved.join('\n')).toMatch(/whose journal[\s\S]*whose law[\s\S]*no key of a witness/)
    expect(reportOn(plain).notProved.join('\n')).not.toMatch(/whose/)
  })

  it('of another journal, or under the law of another owner, is not the trusted one', () => {
    const bytes = plain.bundleOf(RUN)
    const trustedKey = newSigner('azora/test').verifier.text
    expect(flawsOf(verifyEvidence(bytes, { trustedKey }))).toMatch(/^the bundle was signed by another key/)
    const ownerKeys = [newSigner('azora/owner').verifier.text]
    expect(flawsOf(verifyEvidence(bytes, { ownerKeys }))).toMatch(/signed by another owner's key/)
    expect(() => verifyEvidence(bytes, { trustedKey: 'x' })).toThrow('the trusted key is not a verifier key')
  })
})

describe('witnesses', () => {
  const [north, south] = [newWitness('north'), newWitness('south')]
  const keys = [north.key.text, south.key.text]
  const cosigned = (...witnesses: Parameters<TestLog['partsOf']>[1] & {}) =>
    fileOf(plain.partsOf(RUN, witnesses), plain.signer)
  const atSeconds = Date.UTC(2026, 0, 1, 1) / 1_000

  it('bound the time, as many as are needed', () => {
    const bytes = cosigned({ witness: south, atSeconds: atSeconds + 60 }, { witness: north, atSeconds })
    const report = verifyEvidence(bytes, { witnesses: { keys } })
    expect(flawsOf(report)).toBe('')
    expect(report.about?.witnessed).toEqual([
      { name: 'north', at: '2026-01-01T01:00:00.000Z' },
      { name: 'south', at: '2026-01-01T01:01:00.000Z' },
    ])
    expect(report.checks.find(({ id }) => id === 'witnesses')?.what).toMatch(/on record by 2026-01-01T01:01:00/)
    expect(verifyEvidence(bytes).notProved.join()).toContain('2 signatures below the checkpoint')
  })

  it.each([
    [
      'are too few',
      () => cosigned({ witness: north, atSeconds }),
      /1 of the witnesses cosigned the checkpoint, which is not 2 of \(north, south\)/,
    ],
    [
      'saw it before it was written',
      () => cosigned({ witness: north, atSeconds: 1 }, { witness: south, atSeconds }),
      /north saw the log at 1970/,
    ],
    [
      'are others of the same name',
      () => cosigned({ witness: newWitness('north'), atSeconds }, { witness: south, atSeconds }),
      /1 of the witnesses/,
    ],
  ])('that %s are noticed', (_, make, flaw) => {
    expect(flawsOf(verifyEvidence(make(), { witnesses: { keys } }))).toMatch(flaw)
  })

  it('may be fewer than all', () => {
    const bytes = cosigned({ witness: north, atSeconds })
    expect(verifyEvidence(bytes, { witnesses: { keys, threshold: 1 } }).verified).toBe(true)
    expect(() => verifyEvidence(bytes, { witnesses: { keys, threshold: 3 } })).toThrow('3 of 2 witnesses')
    expect(() => verifyEvidence(bytes, { witnesses: { keys: ['x'] } })).toThrow('x is not the key of a witness')
  })
})

const OTHER = { ...ACTION, input: { path: 'b.txt' } }
const DENIED = { result: { ...ALLOWED, verdict: 'deny', score: 0 } as never, permission: undefined }

type People = Parameters<typeof allowedByPeople>[0]
type Wrong = [name: string, deeds: (people: People) => Written[], flaw: string]

/** The entries of an allowed review, with other ones in some places. */
const review = (change: Record<number, (people: People) => Written>) => (people: People) =>
  allowedByPeople(people).map((entry, at) => change[at]?.(people) ?? entry)

const withOutput = (output: object): Written => {
  const entry = finished()
  return { ...entry, payload: { ...entry.payload, outcome: { ...(entry.payload.outcome as object), output } } }
}

const WRONG_ACTIONS: Wrong[] = [
  ['acts without a permission', () => [started()], 'starts an action that was not permitted before'],
  ['acts before the verdict', () => [started(), verified()], 'starts an action that was not permitted before'],
  ['acts twice on one permission', () => [verified(), started(), started()], 'not permitted before, or not anew'],
  ['acts on a permission that was withdrawn', () => [verified(), verified(DENIED), started()], 'not permitted before'],
  ['ends what never started', () => [verified(), finished()], 'ends a stateful action that never started'],
  ['ends twice', () => [verified(), started(), finished(), finished()], 'ends an action that was not permitted before'],
  [
    'acts after the permission expired',
    () => [verified(), { ...started(), kind: 'run.paused', payload: {}, later: 3_600_000 }, started()],
    'starts an action after its permission expired',
  ],
  ['permits what was denied', () => [verified({ result: DENIED.result })], 'permits an action that was not allowed'],
  ['permits another action', () => [verified({ action: OTHER }, ACTION)], 'permits another action than it names'],
  ['allows without a permission', () => [verified({ permission: undefined })], 'allows an action without a permission'],
  [
    'judges by another scope',
    () => [verified({ judged: { scope: { ...SCOPE, hosts: [] } } as never })],
    'another scope',
  ],
  ['judges for another owner', () => [verified({ action: { ...ACTION, owner: 'user:eve' } })], 'of another owner'],
  [
    'judges for another proposer',
    () => [verified({ action: { ...ACTION, principal: 'agent:x@1.0.0' } })],
    'not of agent:tester',
  ],
  ['runs other code', () => [verified({ action: { ...ACTION, codeDigest: 'b'.repeat(64) } })], 'other code or effects'],
  ['hides an effect', () => [verified({ action: { ...ACTION, effects: [] } })], 'other code or effects'],
  [
    'runs an unknown skill',
    () => [verified({ action: { ...ACTION, skillId: 'x.y' } })],
    'x.y@1.0.0 of entry 7 was not on record',
  ],
  [
    'judges by another law',
    () => [verified({ result: { ...ALLOWED, reasons: [], constitution: 'b'.repeat(64) } })],
    'which was not in force then',
  ],
  [
    'allows what people had to allow',
    () => [verified({ result: { ...ASKED, verdict: 'allow' } as never })],
    'allows what people had to',
  ],
  ['relies on no review', () => [verified({ reviewId: REVIEW })], 'which nobody asked for'],
  [
    'has an output of another digest',
    () => [verified(), started(), withOutput({ other: true })],
    'is not that of its digest',
  ],
]

const WRONG_REVIEWS: Wrong[] = [
  [
    'asks about another action',
    review({ 1: () => requested({ actionDigest: 'b'.repeat(64) }) }),
    'another action than was judged',
  ],
  [
    'asks on lower terms',
    review({ 1: () => requested({ terms: { quorum: 1, expiresMinutes: 60, useWithinMinutes: 30, batchMax: 3 } }) }),
    'asks on other terms than the verdict says',
  ],
  [
    'lets one person decide twice',
    review({ 3: ({ alice }) => decided('user:alice', alice, { to: 'running' }) }),
    'counts user:alice twice',
  ],
  ['takes one approval for two', (people) => review({})(people).toSpliced(2, 1), 'which people did not approve'],
  [
    'takes the word of the requester',
    review({ 2: ({ alice }) => decided('agent:tester@1.0.0', alice) }),
    'is a decision by agent:tester@1.0.0, who asked for the action',
  ],
  [
    'takes a key that is on nobody’s record',
    review({ 2: () => decided('user:alice', newSigner('azora/x')) }),
    'not on record for user:alice',
  ],
  [
    'takes the key of another person',
    review({ 2: ({ bob }) => decided('user:alice', bob) }),
    'not on record for user:alice',
  ],
  [
    'takes the word about another action',
    review({ 2: ({ alice }) => decided('user:alice', alice, { payload: { actionDigest: 'b'.repeat(64) } }) }),
    'decides about another action than was asked about',
  ],
  [
    'takes the statement about another action',
    review({
      2: ({ alice }) =>
        decided('user:alice', alice, {
          statement: { actionDigest: 'b'.repeat(64) },
          payload: { actionDigest: requested().payload.actionDigest },
        }),
    }),
    'carries a signed statement about another decision',
  ],
  [
    'turns a denial round',
    review({
      2: ({ alice }) => decided('user:alice', alice, { decision: 'deny', payload: { decision: 'approve' } }),
    }),
    'carries a signed statement about another decision',
  ],
  [
    'goes on after a denial',
    review({ 2: ({ alice }) => decided('user:alice', alice, { decision: 'deny' }) }),
    'had ended: deny',
  ],
  [
    'takes an unsigned word',
    review({ 2: ({ alice }) => decided('user:alice', alice, { payload: { signed: undefined } }) }),
    'nobody signed',
  ],
  [
    'takes an old statement',
    review({ 2: ({ alice }) => decided('user:alice', alice, { at: '2025-12-31T00:00:00.000Z' }) }),
    'more than ten minutes from its record',
  ],
  [
    'takes a word after the review expired',
    review({ 1: () => requested({ expiresAt: '2026-01-01T00:00:01.000Z' }) }),
    'decides a review after it expired',
  ],
  [
    'uses an approval for another action',
    review({
      4: () =>
        verified({
          action: { ...ACTION, stepId: 'other' },
          result: { ...ASKED, verdict: 'allow' } as never,
          reviewId: REVIEW,
        }),
    }),
    'covers no further action',
  ],
  [
    'uses an approval late',
    review({ 3: ({ bob }) => ({ ...decided('user:bob', bob, { to: 'running' }), later: 32 * 60_000 }) }),
    'relies on an approval that had to be used earlier',
  ],
]

describe('a log that was wrong when it was signed', () => {
  it.each([...WRONG_ACTIONS, ...WRONG_REVIEWS])('%s', (_, deeds, flaw) => {
    const report = reportOn(logOf(deeds))
    expect(flawsOf(report)).toContain(flaw)
    expect(report.verified).toBe(false)
  })

  it('lets people agree on several similar actions, and no more', () => {
    const similar = (stepId: string) =>
      verified({ action: { ...ACTION, stepId }, result: { ...ASKED, verdict: 'allow' } as never, reviewId: REVIEW })
    const batch = (count: number, steps: string[]) =>
      logOf((people) => [
        ...review({
          2: ({ alice }) => decided('user:alice', alice, { batch: 3 }),
          3: ({ bob }) => decided('user:bob', bob, { batch: count, to: 'running' }),
        })(people),
        ...steps.map(similar),
      ])
    expect(flawsOf(reportOn(batch(2, ['a', 'b'])))).toBe('')
    expect(flawsOf(reportOn(batch(2, ['a', 'b', 'c'])))).toContain('covers no further action')
    const wider = { ...ACTION, stepId: 'a', resources: { read: [], write: ['/srv'], hosts: [] } }
    const log = logOf((people) => [
      ...review({
        2: ({ alice }) => decided('user:alice', alice, { batch: 3 }),
        3: ({ bob }) => decided('user:bob', bob, { batch: 3, to: 'running' }),
      })(people),
      verified({ action: wider, result: { ...ASKED, verdict: 'allow' } as never, reviewId: REVIEW }),
    ])
    expect(flawsOf(reportOn(log))).toContain('another kind of action')
  })
})

describe('an erasure', () => {
  const erasing = (indexes: number[], change: { by?: string; key?: (people: People) => Signer } = {}) => {
    const { log, ...people } = preludeLog()
    addRun(log, [verified(), started(), finished()])
    log.erase(indexes, change.by ?? 'user:alice', (change.key ?? (({ alice }) => alice))(people))
    return log
  }

  it.each([[[7]], [[5, 6, 7, 8, 9]], [[5, 6, 7, 8, 9, 10, 11, 12]]])(
    'of %j leaves evidence that says so',
    (indexes) => {
      const report = reportOn(erasing(indexes))
      expect(flawsOf(report)).toBe('')
      expect(report.about?.erased).toEqual(indexes)
      expect(report.checks.find(({ id }) => id === 'payloads')?.what).toContain(
        `but ${indexes.length} were erased by entry 13 under GDPR Art. 17 (of entries ${indexes.join(', ')})`,
      )
    },
  )

  it.each<[string, (parts: EvidenceParts) => EvidenceParts, string]>([
    [
      'that is not there',
      ({ run, ...parts }) => ({ ...parts, run: { ...run, erasures: [] } }),
      'nothing on record erased it',
    ],
    [
      'of another entry',
      ({ run, ...parts }) => ({
        ...parts,
        run: {
          ...run,
          entries: run.entries.map(({ entry, inclusion }, at) => ({
            inclusion,
            entry: at === 1 ? { header: entry.header, erasedBy: 13 } : entry,
          })),
        },
      }),
      'the payload of entry 6 is missing, and nothing on record erased it',
    ],
    [
      'of a payload that is there',
      ({ run, ...parts }) => ({
        ...parts,
        run: {
          ...run,
          entries: run.entries.map(({ entry, inclusion }, at) => ({
            inclusion,
            entry: at === 1 ? { ...entry, erasedBy: 13 } : entry,
          })),
        },
      }),
      'entry 6 says that it was erased, but its payload is there',
    ],
  ])('%s explains nothing', (_, change, flaw) => {
    const log = erasing([7])
    expect(flawsOf(verifyEvidence(log.bundleOf(RUN, change)))).toContain(flaw)
  })

  it('is by a person whose key is on record', () => {
    expect(flawsOf(reportOn(erasing([7], { key: ({ bob }) => bob })))).toContain('does not verify with a key on record')
    expect(flawsOf(reportOn(erasing([7], { by: 'user:eve' })))).toContain('does not verify with a key on record')
  })
})

describe('the law of a run', () => {
  const OTHER_LAW = LAW.map((file) => ({ ...file, text: `${file.text} ` }))

  it('may change, and what was allowed before may not act on it after', () => {
    const { log } = preludeLog()
    addRun(log, [verified(), started(), finished()])
    log.activate(OTHER_LAW)
    expect(flawsOf(reportOn(log))).toBe('')
    const late = preludeLog().log
    late.activate(OTHER_LAW)
    addRun(late, [verified(), started(), finished()])
    expect(flawsOf(reportOn(late))).toMatch(
      /entry \d+ was judged by the constitution [0-9a-f]{16}…, which was not in force then/,
    )
  })

  it('follows the one before it', () => {
    const { log } = preludeLog()
    log.activate(OTHER_LAW)
    log.activate(LAW)
    addRun(log, [verified(), started(), finished()])
    expect(flawsOf(reportOn(log))).toBe('')
    const gap = log.bundleOf(RUN, (parts) => ({
      ...parts,
      constitutions: parts.constitutions.filter(({ files }) => files !== OTHER_LAW),
    }))
    expect(flawsOf(verifyEvidence(gap))).toContain('one is missing')
  })
})
