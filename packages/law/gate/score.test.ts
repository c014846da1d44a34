import type { Severity } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { ruling } from './score.ts'

const thresholds = { allow: 95, review: 70 }
const rule = (...severities: Severity[]) =>
  ruling(
    severities.map((severity) => ({ severity })),
    thresholds,
  )

describe('ruling', () => {
  it.each([
    [[], 'allow', 100],
    [['LOW'], 'allow', 97],
    [['LOW', 'LOW'], 'review', 94],
    [['MEDIUM'], 'review', 92],
    [['HIGH'], 'review', 85],
    [['HIGH', 'HIGH'], 'review', 70],
    [['HIGH', 'HIGH', 'LOW'], 'deny', 67],
    [['CRITICAL'], 'deny', 75],
    [['CRITICAL', 'CRITICAL', 'CRITICAL', 'CRITICAL', 'LOW'], 'deny', 0],
  ] as Array<[Severity[], string, number]>)('%j gives %s at %i', (severities, verdict, score) => {
    expect(rule(...severities)).toEqual({ verdict, score })
  })

  it('denies a CRITICAL reason even where thresholds allow everything', () => {
    expect(ruling([{ severity: 'CRITICAL' }], { allow: 0, review: 0 }).verdict).toBe('deny')
  })
})
