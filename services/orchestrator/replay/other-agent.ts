import { type Entry, isErased, type Json } from '@azora/contracts'
import type { RecordedRegistry } from '@azora/skills'
import { compared } from './check.ts'
import { decidedBy, recognizedBy } from './checks/agent.ts'
import type { Mind } from './checks/scene.ts'
import type { Findings } from './findings.ts'
import { openPast } from './past.ts'

export interface OtherAgentDeps {
  mind: Mind
  registry: RecordedRegistry
  /** Go on after the first divergence, with what was observed on the recorded way. */
  all: boolean
  signal: AbortSignal
}

/**
 * Asks another agent at each turn what it would have answered to what was observed. What it recognizes in the input is its
 * own business, so each turn it gets what it recognized itself. Answers whether it went to the end.
 */
export async function replayWithAgent(
  { mind, registry, all, signal }: OtherAgentDeps,
  entries: readonly Entry[],
  findings: Findings,
): Promise<boolean> {
  const past = openPast(entries, registry)
  if (!past) return false
  const own = withOwnPattern(mind)
  for (const entry of entries.slice(1)) {
    signal.throwIfAborted()
    if (isErased(entry)) {
      if (entry.header.kind === 'plan.proposed' || entry.header.kind === 'agent.concluded')
        findings.erased(entry, 'agent')
    } else {
      const said = answerIn(entry)
      const now =
        said &&
        (said.turn === undefined ? await recognizedBy(own, { past }) : await decidedBy(own, { past }, entry, said.turn))
      signal.throwIfAborted()
      const turn = said?.turn
      const about = { kind: 'agent' as const, ...(turn !== undefined && { turn }), message: MESSAGE }
      if (said && !findings.take(entry, compared(about, said.content, now), past.gap) && !all) return false
    }
    past.pass(entry)
  }
  return true
}

function withOwnPattern(mind: Mind): Mind {
  let pattern: { recognized: Json } | undefined
  return {
    async recognize(request) {
      pattern = { recognized: await mind.recognize(request) }
      return pattern.recognized
    },
    reason: (request) => mind.reason(pattern ? { ...request, pattern: pattern.recognized } : request),
  }
}

const MESSAGE = 'the other agent answers something else'

/** What the recorded agent answered in an entry. */
function answerIn({ header, payload }: Entry): { turn?: number; content: unknown } | undefined {
  if (header.kind === 'agent.recognized') return { content: payload }
  if (header.kind !== 'plan.proposed' && header.kind !== 'agent.concluded') return undefined
  const { turn, result: _result, ...content } = payload as Entry<'plan.proposed'>['payload']
  return { turn, content }
}
