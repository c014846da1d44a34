import type { Theme } from './cast/theme.ts'
import type { Fate } from './database/link.ts'
import type { Random } from './engine/random.ts'

/** How often what goes wrong in one seed. Each seed has its own mixture, so that rare meetings happen somewhere. */
export interface Weather {
  /** Faults happen until then. */
  untilMs: number
  /** Of a question to the database. */
  refused: number
  lost: number
  dies: number
  /** Of an answer of a node. */
  twice: number
  unanswered: number
  /** Of a message. */
  repeated: number
  agentDies: number
  /** Milliseconds, on average, between two blows of each kind; none when infinite. */
  every: Record<Blow, number>
  commandEveryMs: number
  slowDatabase: number
  /** How many times longer than usual machines stand still and stay away. */
  lasts: number
  /** The database refuses everything in between. */
  awayFromMs: number
  awayUntilMs: number
}

const USUAL = [
  'server crashes',
  'server freezes',
  'server is stopped',
  'node dies',
  'node freezes',
  'connection breaks',
  'database freezes',
  'server clock jumps',
  'node clock jumps',
] as const
/** The last one happens where outages are played. */
export const BLOWS = [...USUAL, 'database is away'] as const
export type Blow = (typeof BLOWS)[number]

const TYPICAL_MS = 30_000

export function weatherOf(
  random: Random,
  { schedules, after, children, haste, retries, outages, upgrades }: Theme,
): Weather {
  const sometimes = (most: number, share = 0.5): number => (random.chance(share) ? random.next() * most : 0)
  const often = (share: number): number =>
    random.chance(share) ? TYPICAL_MS * (0.2 + 2 * random.next()) : Number.POSITIVE_INFINITY
  const every = Object.fromEntries(USUAL.map((blow) => [blow, often(0.35)])) as Record<Blow, number>
  // What is begun while a server stops is ended by it.
  if (retries > 0.5) every['server is stopped'] = Math.min(every['server is stopped'], TYPICAL_MS / 3)
  every['database is away'] = outages ? 2 * TYPICAL_MS : Number.POSITIVE_INFINITY
  // What has to be found again after a crash meets one.
  if (after > 0 || children > 0) every['server crashes'] = Math.min(every['server crashes'], TYPICAL_MS)
  return {
    untilMs:
      random.between(10_000, 90_000) + (schedules > 0 ? 80_000 : 0) + (outages ? 240_000 : 0) + (upgrades ? 15_000 : 0),
    refused: sometimes(0.1),
    lost: sometimes(0.1),
    dies: sometimes(0.03, 0.7),
    twice: sometimes(0.3),
    unanswered: sometimes(0.2),
    repeated: sometimes(0.1),
    agentDies: sometimes(0.2),
    every,
    commandEveryMs: often(0.7),
    // What is on its way for long is met by more.
    slowDatabase: haste ? 0.7 : sometimes(1, 0.3),
    lasts: outages ? 6 : 1,
    awayFromMs: 0,
    awayUntilMs: 0,
  }
}

const CALM: Fate = { toMs: 1, backMs: 1 }

/** @param nowMs since the beginning */
export function fateOf(random: Random, weather: Weather, nowMs: number): Fate {
  if (nowMs >= weather.untilMs) return CALM
  if (nowMs < weather.awayUntilMs) return { ...CALM, fails: 'refused' }
  const slow = random.chance(weather.slowDatabase) ? 300 : 6
  const toMs = random.int(slow)
  const backMs = random.int(slow)
  if (random.chance(weather.dies)) return { toMs, backMs, dies: random.pick(['before', 'asking', 'done', 'done']) }
  if (random.chance(weather.refused)) return { toMs, backMs, fails: 'refused' }
  if (random.chance(weather.lost)) return { toMs, backMs, fails: 'lost' }
  return { toMs, backMs }
}
