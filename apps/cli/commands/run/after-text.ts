import type { RunDetail } from '@azora/contracts'

/** What a run starts after, with what is known of each; undefined when it starts after no other. */
export function afterText({ after, dependencies, state }: RunDetail): string | undefined {
  if (!after) return undefined
  const ended = new Map(dependencies?.ended.map((one) => [one.run, one.state]))
  const runs = after.map(({ run, when }) => {
    const said = ended.get(run) ?? (when === 'ended' ? 'when it has ended' : 'if it succeeds')
    return `${run} (${said})`
  })
  const waiting = !dependencies && (state === 'scheduled' || state === 'paused')
  const lead = dependencies?.met === false ? 'cancelled, for not all succeeded: ' : waiting ? 'waits for ' : ''
  return lead + runs.join(', ')
}
