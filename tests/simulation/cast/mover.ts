import { AzoraError } from '@azora/base'
import type { ReplayReport } from '@azora/contracts'
import type { Orchestrator } from '@azora/orchestrator'
import type { Random } from '../engine/random.ts'
import type { LogRecord } from '../invariants/log.ts'
import { AGENT_ID, VERSIONS } from './names.ts'
import { OWNER, type People } from './people.ts'

type AskAgain = Parameters<Orchestrator['migrate']>[3]

/** Pauses a run, moves it to another version of its agent, and lets it go on. */
export async function moveOne(people: People, random: Random, { runs }: LogRecord): Promise<void> {
  const open = [...runs.values()].filter(
    ({ spec, state }) => spec.agentId === AGENT_ID && (state === 'running' || state === 'paused'),
  )
  const run = open[random.int(open.length)]?.run
  if (!run) return
  await people.command(run, 'pause')
  // Both answer alike; to find that out takes a while, in which a person may have let it go on.
  const asksMs = random.int(random.chance(0.5) ? 20 : 3_000)
  const askAgain: AskAgain = async () => {
    await people.sleep(asksMs)
    return { outcome: 'same', divergences: [] } as object as ReplayReport
  }
  if (random.chance(0.3)) void people.sleep(random.int(3_000)).then(() => people.command(run, 'resume'))
  const agentVersion = random.pick(VERSIONS)
  const move = async (): Promise<void> => {
    const moved = await people.insist('move', ({ orchestrator }) =>
      orchestrator.migrate(OWNER, run, { agentVersion }, askAgain),
    )
    if (!(moved instanceof AzoraError)) people.promised.moves.push({ runId: run, to: agentVersion })
  }
  // Two people may want it at one time.
  await Promise.all(random.chance(0.3) ? [move(), move()] : [move()])
  await people.command(run, 'resume')
}
