import { AzoraError } from '@azora/base'
import type { Random } from '../engine/random.ts'
import type { LogRecord, RunRecord } from '../invariants/log.ts'
import { OWNER, type People } from './people.ts'
import type { Rooms } from './server.ts'

/** Makes a run of another one, until it is accepted or can't be. */
export async function forkOne(people: People, random: Random, { runs }: LogRecord, key: string): Promise<void> {
  const begun = [...runs.values()].filter(({ steps }) => steps.size > 0)
  const long = begun.filter(({ turns }) => turns > 1)
  const all = long.length > 0 && random.chance(0.9) ? long : begun
  const source = all[random.int(all.length)]
  if (!source) return
  const ask = askFor(random, source, key)
  const accepted = await people.insist('fork', ask)
  if (!(accepted instanceof AzoraError)) people.promised.runs.set(key, accepted.runId)
}

function askFor(random: Random, { run, steps }: RunRecord, key: string): (rooms: Rooms) => Promise<{ runId: string }> {
  const ids = [...steps.keys()]
  const from = ids[random.chance(0.7) ? ids.length - 1 : random.int(ids.length)] as string
  const way = random.pick(['fork', 'fork', 'restart', 'restart from', 'retry'])
  return async ({ orchestrator }) => {
    if (way === 'fork') return orchestrator.fork(OWNER, run, { from }, key)
    if (way === 'retry') return orchestrator.retry(OWNER, run, key)
    return orchestrator.restart(OWNER, run, way === 'restart' ? undefined : from, key)
  }
}
