import { fileURLToPath } from 'node:url'
import type { Severity, VerificationRequest } from '@azora/contracts'
import { canonical } from '@azora/proof'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { enact } from './constitution.ts'
import { findFacts } from './detectors/detector.ts'
import { DETECTORS } from './detectors/list.ts'
import { readDocument } from './facts/subject.ts'
import { createGate } from './gate/gate.ts'
import { type LawFile, readLaw } from './law/files.ts'
import { compileLaw } from './law/law.ts'
import { anyRequest } from './testing/arbitrary.ts'
import { CONSTITUTION } from './testing/requests.ts'

const FILES = await readLaw(fileURLToPath(CONSTITUTION))
const constitution = enact(FILES)
const OPENNESS = { deny: 0, review: 1, allow: 2 }

const without = (effect: 'permit' | 'forbid', files: readonly LawFile[]): LawFile[] => {
  const kept = compileLaw(files).policies.filter((policy) => policy.effect !== effect)
  const numbers = [...new Set(kept.map(({ article }) => article))]
  const articles = numbers.map((number) => ({
    name: `articles/${number}.cedar`,
    text: kept
      .filter(({ article }) => article === number)
      .map(({ text }) => text)
      .join('\n'),
  }))
  return [...articles, ...files.filter(({ name }) => !name.endsWith('.cedar'))]
}

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reversed(child)]),
  )
}

const anyForbid = fc
  .record({
    condition: fc.constantFrom(
      'true',
      'context.writes > 1',
      'context.withinScope',
      'context.findings.contains("secret_in_arguments")',
      'context.hosts.contains("example.org")',
      'principal is Agent',
      'resource.version == "1.0.0"',
      'context.writes + 9223372036854775807 < 0',
    ),
    severity: fc.constantFrom<Severity>('CRITICAL', 'HIGH', 'MEDIUM', 'LOW'),
    // The second is a rule that a detector reports too: an article must not make that fact milder.
    rule: fc.constantFrom('new_rule', 'host_outside_scope'),
  })
  .map(({ condition, severity, rule }) => ({
    rule,
    name: 'articles/99-new.cedar',
    text: `@id("${rule}") @article("99") @title("New") @severity("${severity}") @remedy("None.")
      forbid (principal, action in Action::"act", resource) when { ${condition} };`,
  }))

/** The law with every forbid as mild as can be. */
const MILDER = FILES.map(({ name, text }) => ({
  name,
  text: text.replaceAll(/@severity\("\w+"\)(?=\n@remedy\([^\n]*\)\nforbid)/g, '@severity("LOW")'),
}))

describe('what the gate allows', () => {
  it('allows nothing without an article that permits it', () => {
    const lawless = enact(without('permit', FILES))
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { verdict, reasons } = lawless.verify(request)
        expect(verdict).toBe('deny')
        expect(reasons.map(({ rule }) => rule)).toContain('no_permit')
      }),
    )
  })

  it('allows only what was neither forbidden gravely nor found out', () => {
    let allowed = 0
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { verdict, score, reasons } = constitution.verify(request)
        if (verdict !== 'allow') return
        allowed += 1
        expect(score).toBeGreaterThanOrEqual(95)
        expect(reasons.filter(({ severity }) => severity === 'CRITICAL' || severity === 'HIGH')).toEqual([])
        expect(request.action.effects).not.toContain('destructive')
        expect(request.action.effects).not.toContain('spend')
      }),
      { numRuns: 1000 },
    )
    expect(allowed).toBeGreaterThan(20)
  })

  it('never allows more for another forbid', () => {
    fc.assert(
      fc.property(
        anyForbid,
        fc.array(anyRequest, { minLength: 10, maxLength: 20 }),
        ({ rule, ...forbid }, requests) => {
          const files = rule === 'new_rule' ? FILES : without('forbid', FILES)
          const looser = enact(files)
          const stricter = enact([...files, forbid])
          for (const request of requests) {
            const before = looser.verify(request)
            const after = stricter.verify(request)
            expect(OPENNESS[after.verdict]).toBeLessThanOrEqual(OPENNESS[before.verdict])
            expect(after.score).toBeLessThanOrEqual(before.score)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('takes a fact for a reason whatever the articles say of it', () => {
    const mild = enact(MILDER)
    expect(mild.articles.every(({ effect, severity }) => effect === 'permit' || severity === 'LOW')).toBe(true)
    const silent = enact(without('forbid', FILES))
    const factual = (request: VerificationRequest) =>
      findFacts(DETECTORS.action, { ...request, ...readDocument(request.action.input) })
    fc.assert(
      fc.property(anyRequest, (request) => {
        const facts = factual(request)
        for (const law of [constitution, mild, silent]) {
          const { reasons } = law.verify(request)
          for (const { rule, severity } of facts)
            expect(reasons).toContainEqual(expect.objectContaining({ rule, severity }))
        }
      }),
    )
  })

  it('denies when a detector throws, whatever it throws', () => {
    const law = compileLaw(FILES)
    fc.assert(
      fc.property(anyRequest, fc.anything(), fc.nat(DETECTORS.action.length), (request, thrown, place) => {
        const failing = {
          name: 'failing',
          rules: [],
          find: () => {
            throw thrown
          },
        }
        const gate = createGate({
          law,
          detectors: {
            ...DETECTORS,
            action: DETECTORS.action.toSpliced(place, 0, failing),
            output: [...DETECTORS.output, failing],
          },
        })
        const { action } = request
        const output = {
          runId: action.runId,
          tenant: action.tenant,
          principal: action.principal,
          outputs: action.input,
        }
        for (const { verdict, reasons } of [gate.verify(request), gate.verifyOutput(output)]) {
          expect(verdict).toBe('deny')
          expect(reasons).toContainEqual(expect.objectContaining({ rule: 'detector_failed', severity: 'CRITICAL' }))
        }
      }),
    )
  })
})

describe('what a verdict depends on', () => {
  it('is not the order of keys', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const other = reversed(request) as VerificationRequest
        expect(canonical(constitution.verify(other))).toBe(canonical(constitution.verify(request)))
      }),
    )
  })

  it('is not the order of files and policies', () => {
    const shuffled = FILES.map(({ name, text }) => ({
      name,
      text: name.endsWith('.cedar')
        ? text
            .split(/(?=^@id)/m)
            .reverse()
            .join('\n')
        : text,
    }))
    const other = enact(shuffled.reverse())
    expect(other.digest).not.toBe(constitution.digest)
    expect(enact(FILES.toReversed()).digest).toBe(constitution.digest)
    fc.assert(
      fc.property(anyRequest, (request) => {
        expect({ ...other.verify(request), constitution: constitution.digest }).toEqual(constitution.verify(request))
      }),
    )
  })

  it('is the request alone, which stays as it is', () => {
    fc.assert(
      fc.property(anyRequest, anyRequest, (request, between) => {
        const copy = structuredClone(request)
        const first = constitution.verify(request)
        constitution.verify(between)
        expect(request).toEqual(copy)
        expect(constitution.verify(copy)).toEqual(first)
      }),
    )
  })
})
