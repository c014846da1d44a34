import { AzoraError } from '@azora/base'
import type { Orchestrator } from '@azora/orchestrator'
import type { Random } from '../engine/random.ts'
import type { LogRecord } from '../invariants/log.ts'
import { AGENT_ID, HASTY, VERSIONS } from './names.ts'
import { OWNER, type People } from './people.ts'
import type { Rooms } from './server.ts'
import type { Theme } from './theme.ts'

type Migration = Parameters<Orchestrator['migrate']>[2]
type AskAgain = Parameters<Orchestrator['migrate']>[3]

/** Pauses a run, moves it to another version of its agent, or to newer skills, and lets it go on. */
export async function moveOne(people: People, random: Random, { runs }: LogRecord, theme: Theme): Promise<void> {
  const open = [...runs.values()].filter(
    ({ spec, state }) => spec.agentId === AGENT_ID && (state === 'running' || state === 'paused'),
  )
  const run = open[random.int(open.length)]?.run
  if (!run) return
  await people.command(run, 'pause')
  // Whoever is asked takes a while, in which a person may have let it go on.
  const asksMs = random.int(random.chance(0.5) ? 20 : 3_000)
  const askAgainIn =
    ({ replayer }: Rooms): AskAgain =>
    async (...about) => {
      await people.sleep(asksMs)
      return replayer.replay(...about)
    }
  if (random.chance(0.3)) void people.sleep(random.int(3_000)).then(() => people.command(run, 'resume'))
  const to = theme.upgrades ? oneOf(random) : { agentVersion: random.pick(VERSIONS) }
  const move = async (): Promise<void> => {
    const moved = await people.insist('move', (rooms) => rooms.orchestrator.migrate(OWNER, run, to, askAgainIn(rooms)))
    if (moved instanceof AzoraError) return
    const { agentVersion, skills } = to
    people.promised.moves.push({
      runId: run,
      ...(agentVersion && { to: agentVersion }),
      ...(skills && { skills: true }),
    })
  }
  // Two people may want it at one time.
  await Promise.all(random.chance(0.3) ? [move(), move()] : [move()])
  await people.command(run, 'resume')
}

function oneOf(random: Random): Migration {
  const agentVersion = random.pick([...VERSIONS, HASTY])
  return random.pick<Migration>([{ agentVersion }, { skills: true }, { agentVersion, skills: true }])
}
