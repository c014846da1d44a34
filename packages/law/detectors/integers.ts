import { type ActionSubject, type Detector, factAbout } from './detector.ts'

/** Integers that JSON readers round, so that the gate and the skill could see different values. */
export const integers: Detector<ActionSubject> = {
  name: 'integers',
  rules: ['integer_out_of_range'],
  find: ({ unfaithful }) =>
    factAbout(unfaithful, {
      rule: 'integer_out_of_range',
      article: '9',
      severity: 'CRITICAL',
      message: 'Its input has an integer beyond 2^53-1, which may be read as another value.',
      remedy: 'Send integers beyond 2^53-1 as text.',
    }),
}
