import { isStateful } from '@azora/contracts'
import { type ActionSubject, type Detector, factAbout } from './detector.ts'

const COMMON = { article: '9', severity: 'CRITICAL' } as const

/** Actions that say less about their effects than they ask for. The run's own workspace is nobody's world. */
export const effects: Detector<ActionSubject> = {
  name: 'effects',
  rules: ['effects_missing', 'effects_understated'],
  find({ action }) {
    if (action.effects.length === 0) {
      return factAbout([action.skillId], {
        ...COMMON,
        rule: 'effects_missing',
        message: 'The skill declares no effect.',
        remedy: 'Declare the effects of the skill; `none` is one of them.',
      })
    }
    return factAbout(isStateful(action.effects) ? [] : action.resources.write, {
      ...COMMON,
      rule: 'effects_understated',
      message: 'It would write to the host, but the skill declares no effect that writes.',
      remedy: 'Declare `write`, or a stronger effect, in the manifest of the skill.',
    })
  },
}
