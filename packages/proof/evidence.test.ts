import { EvidenceBundle, type VerificationResult } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyEvidence } from './evidence.ts'
import { bundleOf, newSigner, type Written } from './testing/log.ts'
import { ACTION, finished, RUN, runOf, started, verified } from './testing/run.ts'

const signer = newSigner('azora/test')
const make = (...deeds: Written[]): EvidenceBundle => bundleOf(RUN, runOf(...deeds), signer)
const good = make(verified(), started(), finished())

const flawsOf = (bundle: EvidenceBundle, key?: string): string =>
  verifyEvidence(bundle, key)
    .checks.flatMap(({ flaw }) => flaw ?? [])
    .join('; ')

describe('the evidence of a run', () => {
  it('verifies', () => {
    expect(EvidenceBundle.parse(JSON.parse(JSON.stringify(good)))).toEqual(good)
    expect(verifyEvidence(good)).toMatchObject({ verified: true })
    expect(verifyEvidence(good, `${signer.verifier.text}\n`).verified).toBe(true)
  })

  it('of another journal is not the trusted one, though it is consistent', () => {
    expect(flawsOf(good, newSigner('azora/test').verifier.text)).toBe('the bundle was signed by another key')
  })

  it('still verifies without a payload that was erased, and says what it could not look at', () => {
    const bundle = structuredClone(good)
    for (const { entry } of bundle.entries) {
      delete entry.payload
      delete entry.salt
    }
    const report = verifyEvidence(bundle)
    expect(report.verified).toBe(true)
    expect(report.checks.at(-1)?.what).toContain('without 7 erased payloads')
  })
})

/** Each leaf value of a JSON document, by its path. */
function leavesOf(value: unknown, path: Array<string | number> = []): Array<Array<string | number>> {
  if (value === null || typeof value !== 'object') return [path]
  const children = Object.entries(value).flatMap(([key, child]) =>
    leavesOf(child, [...path, Array.isArray(value) ? Number(key) : key]),
  )
  return children.length > 0 ? children : [path]
}

function alter(bundle: EvidenceBundle, path: Array<string | number>): EvidenceBundle {
  const copy = structuredClone(bundle)
  let holder: Record<string | number, unknown> = copy as never
  for (const key of path.slice(0, -1)) holder = holder[key] as typeof holder
  const last = path.at(-1) as string
  const value = holder[last]
  if (typeof value === 'number') holder[last] = value + 1
  else if (typeof value === 'string') holder[last] = `${value.startsWith('0') ? '1' : '0'}${value.slice(1)}`
  else if (typeof value === 'boolean') holder[last] = !value
  else holder[last] = { added: true }
  return copy
}

describe('an altered bundle', () => {
  const paths = leavesOf(good).filter(([first]) => first !== 'format')

  it.each(paths.map((path) => ({ name: path.join('.'), path })))('fails: $name', ({ path }) => {
    const report = verifyEvidence(alter(good, path))
    expect(report.verified).toBe(false)
    const [first, index] = path
    const flaws = report.checks.flatMap(({ flaw }) => flaw ?? []).join('; ')
    if (first === 'entries') expect(flaws).toMatch(new RegExp(`\\bentry ${index}\\b|entry ${Number(index) + 1}\\b`))
    if (first === 'checkpoint' || first === 'journalKey') expect(flaws).toContain('the signature does not verify')
    if (first === 'runId') expect(flaws).toContain('belongs to another run')
  })

  it.each([
    ['a payload is missing, but its salt is there', (copy: EvidenceBundle) => delete copy.entries[2]?.entry.payload],
    ['an entry of the lifecycle is missing', (copy: EvidenceBundle) => copy.entries.splice(1, 1)],
    ['two entries changed places', (copy: EvidenceBundle) => copy.entries.reverse()],
    ['an entry is there twice', (copy: EvidenceBundle) => copy.entries.push(structuredClone(copy.entries[6] as never))],
    ['the end is missing', (copy: EvidenceBundle) => copy.entries.pop()],
    ['the permission is missing', (copy: EvidenceBundle) => copy.entries.splice(2, 1)],
    ['the start of the action is missing', (copy: EvidenceBundle) => copy.entries.splice(3, 1)],
    ['everything is missing', (copy: EvidenceBundle) => copy.entries.splice(0)],
  ])('fails when %s', (_, change) => {
    const copy = structuredClone(good)
    change(copy)
    expect(verifyEvidence(copy).verified).toBe(false)
  })
})

/** The flaw that names what is wrong with the order of a bundle. */
const orderFlawOf = (entries: EvidenceBundle['entries']): string | undefined =>
  verifyEvidence({ ...good, entries }).checks.find(({ what }) => what === 'every entry of the run is there, in order')
    ?.flaw

const many = make(
  verified(),
  started(),
  finished(),
  ...Array.from(
    { length: 9 },
    (): Written => ({
      kind: 'agent.recognized',
      payload: { pattern: null },
    }),
  ),
).entries
const place = fc.nat({ max: many.length - 1 })

describe('the places in the run', () => {
  it('show what was left out, whatever it is, unless it is the end', () =>
    fc.assert(
      fc.property(fc.uniqueArray(place, { minLength: 1 }), (gone) => {
        const left = many.filter((_, at) => !gone.includes(at))
        const first = Math.min(...gone)
        const endOnly = left.length === first
        if (endOnly) expect(verifyEvidence({ ...good, entries: left }).verified).toBe(false)
        else expect(orderFlawOf(left)).toContain(`entry ${first} of the run is missing`)
      }),
    ))

  it('show what is doubled', () =>
    fc.assert(
      fc.property(place, place, (which, where) => {
        const entries = many.toSpliced(where, 0, structuredClone(many[which] as (typeof many)[number]))
        expect(orderFlawOf(entries)).toMatch(/^entry \d+ (of the run is missing|is doubled)/)
      }),
    ))

  it('show another order', () =>
    fc.assert(
      fc.property(fc.shuffledSubarray(many, { minLength: many.length }), (entries) => {
        fc.pre(entries.some((entry, at) => entry !== many[at]))
        expect(orderFlawOf(entries)).toMatch(/^entry \d+ (of the run is missing|is doubled)/)
      }),
    ))

  it('are needed', () => {
    const bundle = structuredClone(good)
    delete bundle.entries[3]?.entry.header.runIndex
    expect(flawsOf(bundle)).toContain('entry 3 has no place in the run')
  })
})

describe('a log that was wrong when it was signed', () => {
  const denied: VerificationResult = { verdict: 'deny', score: 0, reasons: [], constitution: 'a'.repeat(64) }
  const other = { ...ACTION, input: { path: 'b.txt' } }
  const cases: Array<[name: string, deeds: Written[], flaw: string]> = [
    ['acts without a permission', [started()], 'entry 2 starts an action that was not permitted before'],
    ['acts before the verdict', [started(), verified()], 'entry 2 starts an action that was not permitted before'],
    ['acts twice on one permission', [verified(), started(), started()], 'entry 4 starts an action that was not'],
    [
      'acts after the permission expired',
      [verified(), started('2026-01-01T00:01:00.001Z')],
      'entry 3 starts an action after its permission expired',
    ],
    ['permits what was denied', [verified({ result: denied })], 'entry 2 permits an action that was not allowed'],
    ['permits another action', [verified({ action: other })], 'entry 2 permits another action than it names'],
    ['allows without a permission', [verified({ permission: undefined })], 'entry 2 allows an action without'],
    ['ends what never started', [verified(), finished()], 'entry 3 ends a stateful action that never started'],
  ]
  it.each(cases)('%s', (_, deeds, flaw) => expect(flawsOf(make(...deeds))).toContain(flaw))

  it('a stateful action that no node took has nothing to start', () =>
    expect(flawsOf(make(verified(), finished('none')))).toBe(''))

  it('is told apart from a payload of another form', () => {
    const bundle = structuredClone(good)
    const third = bundle.entries[2]?.entry
    if (third?.payload) delete third.payload.action
    expect(flawsOf(bundle)).toContain('entry 2 is no action.verified')
  })

  const lifecycle = (transitions: Array<Written['transition']>): EvidenceBundle =>
    bundleOf(
      RUN,
      transitions.map(
        (transition): Written => ({
          kind: 'run.resumed',
          payload: {},
          ...(transition && { transition }),
        }),
      ),
      signer,
    )
  it.each([
    ['begins in the middle', [{ from: 'running', to: 'fail' }], 'entry 0 leaves running, but the run was undefined'],
    ['begins elsewhere', [{ to: 'running' }], 'entry 0 goes from undefined to running'],
    ['skips a state', [{ to: 'scheduled' }, { from: 'scheduled', to: 'success' }], 'from scheduled to success'],
    ['has not ended', [{ to: 'scheduled' }], 'the run has not ended: it is scheduled'],
  ] as Array<[string, Array<Written['transition']>, string]>)('a lifecycle that %s', (_, transitions, flaw) =>
    expect(flawsOf(lifecycle(transitions))).toContain(flaw),
  )
})
