import { outsideScope } from '../facts/scope.ts'
import { type ActionSubject, type Detector, factAbout } from './detector.ts'

const COMMON = {
  article: '6',
  severity: 'CRITICAL',
  remedy: "Ask the run's owner to grant the path in the scope, or leave it out.",
} as const

/** Paths of the host that the run's owner didn't grant. */
export const pathScope: Detector<ActionSubject> = {
  name: 'path-scope',
  rules: ['read_outside_scope', 'write_outside_scope'],
  find({ action, scope }) {
    const { read, write } = outsideScope(action.resources, scope)
    return [
      ...factAbout(read, {
        ...COMMON,
        rule: 'read_outside_scope',
        message: 'It would read outside the scope of the run.',
      }),
      ...factAbout(write, {
        ...COMMON,
        rule: 'write_outside_scope',
        message: 'It would write outside the scope of the run.',
      }),
    ]
  },
}
