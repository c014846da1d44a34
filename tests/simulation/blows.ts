import type { NodeLife } from './cast/node.ts'
import type { Random } from './engine/random.ts'
import { BLOWS, type Blow, type Weather } from './faults.ts'
import type { Host, Stage } from './stage.ts'

const TEN_MINUTES_MS = 600_000

/** Lets things go wrong from time to time, until the weather is calm. */
export function arrangeBlows(stage: Stage, random: Random, weather: Weather): void {
  for (const blow of BLOWS) arrange(stage, random.fork(blow), weather, blow)
}

function arrange(stage: Stage, random: Random, weather: Weather, blow: Blow): void {
  const { loop } = stage
  const waitMs = weather.every[blow] * (0.1 + 1.8 * random.next())
  if (!(loop.nowMs + waitMs < weather.untilMs)) return
  loop.after(waitMs, undefined, blow, () => {
    strike(stage, random, weather, blow)
    arrange(stage, random, weather, blow)
  })
}

interface Struck {
  stage: Stage
  weather: Weather
  random: Random
  node: Host
  nowMs: number
  jumpMs: number
}

const STRIKES: Record<Blow, (struck: Struck) => void> = {
  'server crashes': ({ stage }) => stage.server().machine.kill(),
  'server freezes': ({ stage, weather, random, nowMs }) => {
    stage.server().machine.freezeUntil(nowMs + weather.lasts * random.int(60_000))
    // Somebody takes it for dead, and starts another one.
    if (random.chance(0.6)) stage.loop.after(random.int(5_000), undefined, 'a second server', stage.replaceServer)
  },
  'server is stopped': ({ stage }) => stage.server().stop(),
  'node dies': ({ node }) => node.life.machine.kill(),
  'node freezes': ({ node, weather, random, nowMs }) =>
    node.life.machine.freezeUntil(nowMs + weather.lasts * random.int(30_000)),
  'connection breaks': ({ node }) => node.ends?.cut(),
  'database freezes': ({ stage, weather, random, nowMs }) =>
    stage.database.freezeUntil(nowMs + weather.lasts * random.int(30_000)),
  'database is away': ({ weather, random, nowMs }) => {
    if (weather.awayUntilMs < nowMs) weather.awayFromMs = nowMs
    weather.awayUntilMs = nowMs + weather.lasts * random.int(30_000)
  },
  'server clock jumps': ({ stage, jumpMs }) => jumpTo(stage.server(), jumpMs),
  'node clock jumps': ({ node, jumpMs }) => jumpTo(node.life, jumpMs),
}

/** Off by so much from now on. */
const jumpTo = ({ clock, machine }: Pick<NodeLife, 'clock' | 'machine'>, skewMs: number): void =>
  clock.jump(skewMs - machine.skewMs)

function strike(stage: Stage, random: Random, weather: Weather, blow: Blow): void {
  const node = stage.nodes[random.int(stage.nodes.length)]
  const jumpMs = random.pick([1_000, 60_000, TEN_MINUTES_MS, -1_000, -TEN_MINUTES_MS])
  if (node) STRIKES[blow]({ stage, weather, random, node, nowMs: stage.loop.nowMs, jumpMs })
}
