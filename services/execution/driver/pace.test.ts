import { expect, it } from 'vitest'
import { createPace } from './pace.ts'

it('begins with what the first action took, and follows the last few', () => {
  const pace = createPace()
  expect(pace.usualMs()).toBe(Number.POSITIVE_INFINITY)
  pace.note(2)
  expect(pace.usualMs()).toBe(2)
  for (let at = 0; at < 60; at += 1) pace.note(0.1)
  expect(pace.usualMs()).toBeCloseTo(0.1, 1)
  pace.note(1_000)
  expect(pace.usualMs()).toBeGreaterThan(99)
})
