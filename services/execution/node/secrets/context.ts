import { placedText } from '../egress/placing.ts'
import type { HeldSecret, HeldSecrets } from './held.ts'

/** What a skill is told of a secret, as the SDK's `SkillSecret` has it. */
export function secretsForSkill({ all }: HeldSecrets): Record<string, object> {
  return Object.fromEntries(all.map((held) => [held.use.slot, forSkill(held)]))
}

function forSkill(held: HeldSecret): object {
  const { name, mode, place, variable } = held.use
  const value = mode === 'brokered' ? held.placeholder : (held.value() ?? '')
  const about = { name, mode, value, ...(variable !== undefined && { variable }) }
  if (place.in === 'body') return { ...about, place: { in: 'body' } }
  if (place.in === 'query') return { ...about, place: { in: 'query', name: place.name } }
  const header = place.in === 'header' ? place.name : 'authorization'
  const user = place.in === 'basic' ? { user: place.user } : {}
  return { ...about, place: { in: place.in, name: header, value: placedText(place, value), ...user } }
}

/** The values that the proof says the sandbox has in its environment. */
export function environmentOf({ all }: HeldSecrets): Record<string, string> {
  return Object.fromEntries(
    all.flatMap((held) => {
      const { mode, variable } = held.use
      return mode === 'environment' && variable !== undefined ? [[variable, held.value() ?? '']] : []
    }),
  )
}
