import { type Entry, isStateful } from '@azora/contracts'

/**
 * Stateful actions that were started, or ended on a node, without a verdict that allowed exactly them before: one line
 * each. Empty for a journal in order.
 */
export function unpermittedIn(entries: readonly Entry[]): string[] {
  const allowed = new Set<string>()
  const started = new Set<string>()
  const harmless = new Set<string>()
  const found: string[] = []
  for (const { header, payload } of entries) {
    const say = (what: string): void => void found.push(`entry ${header.index}: ${header.kind} ${what}`)
    if (header.kind === 'action.verified') {
      const { action, result, permission } = payload as Entry<'action.verified'>['payload']
      const name = `${header.run} ${permission?.actionDigest}`
      if (!permission) continue
      if (result.verdict !== 'allow') say('permits what is not allowed')
      else if (isStateful(action.effects)) allowed.add(name)
      else harmless.add(name)
    } else if (header.kind === 'action.started') {
      const name = `${header.run} ${(payload as Entry<'action.started'>['payload']).actionDigest}`
      if (!allowed.delete(name)) say('without a verdict that allows it')
      started.add(name)
    } else if (header.kind === 'action.finished') {
      const { actionDigest, outcome } = payload as Entry<'action.finished'>['payload']
      const name = `${header.run} ${actionDigest}`
      const acted = outcome.node !== 'none'
      if (acted && !harmless.has(name) && !started.delete(name)) say('without having started')
    }
  }
  return found
}
