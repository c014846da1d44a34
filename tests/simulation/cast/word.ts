import { AzoraError } from '@azora/base'
import type { Random } from '../engine/random.ts'
import { OWNER, type People } from './people.ts'

/** Sends a run a signal until it is on record, sometimes again under its key. */
export async function sendWord(people: People, random: Random, runId: string, name: string): Promise<void> {
  const { promised, insist, sleep } = people
  const key = `word-${promised.signals.length}-${random.int(1_000_000)}`
  const signal = { name, data: { key } }
  const send = () => insist('signal', ({ orchestrator }) => orchestrator.signal(OWNER, runId, signal, key))
  for (;;) {
    const accepted = await send()
    if (accepted instanceof AzoraError) return
    promised.signals.push({ key, runId, index: accepted.index })
    if (!random.chance(0.3)) return
    await sleep(random.int(5_000))
  }
}
