import type { Dependency, EntryPayload, RunState } from '@azora/contracts'

/**
 * What the ends of other runs mean for one that starts after them; undefined while it has to wait on.
 *
 * @param ended the states in which they ended, as far as they have
 */
export function settle(
  after: readonly Dependency[],
  ended: ReadonlyMap<string, RunState>,
): EntryPayload<'dependencies.settled'> | undefined {
  const known = after.flatMap(({ run }) => {
    const state = ended.get(run)
    return state === undefined ? [] : [{ run, state }]
  })
  const lost = after.some(({ run, when }) => when === 'success' && (ended.get(run) ?? 'success') !== 'success')
  if (lost) return { met: false, ended: known }
  return known.length === after.length ? { met: true, ended: known } : undefined
}
