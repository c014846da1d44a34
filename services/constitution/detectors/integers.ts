import type { VerificationRequest } from '@azora/contracts'
import { walkJson } from '../facts/json-walk.ts'
import { type Detector, factAbout } from './detector.ts'

const isFaithful = (value: unknown): boolean =>
  typeof value !== 'number' || (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)))

/** Integers that JSON readers round (RFC 8259, section 6), so that the gate and the skill could see different values. */
export const integers: Detector<VerificationRequest> = {
  name: 'integers',
  find({ action }) {
    const places: string[] = []
    walkJson(action.input, (value, pointer) => {
      if (!isFaithful(value)) places.push(pointer())
    })
    return factAbout(places, {
      rule: 'integer_out_of_range',
      article: '9',
      severity: 'CRITICAL',
      message: 'Its input has an integer beyond 2^53-1, which may be read as another value.',
      remedy: 'Send integers beyond 2^53-1 as text.',
    })
  },
}
