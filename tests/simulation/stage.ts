import { isTerminal, NODE_PROTOCOL } from '@azora/contracts'
import type { AgentProcess } from '@azora/orchestrator'
import { type Catalog, createChangingCatalog } from './cast/catalog.ts'
import { signerOf } from './cast/keys.ts'
import { type NodeLife, startNode } from './cast/node.ts'
import { createPeople, type People } from './cast/people.ts'
import { isRepeatable } from './cast/releases.ts'
import { type ServerLife, startServer } from './cast/server.ts'
import type { Theme } from './cast/theme.ts'
import { createWorld, type World } from './cast/world.ts'
import { emptyTables, type Tables } from './database/tables.ts'
import type { Loop, Machine } from './engine/loop.ts'
import type { Random } from './engine/random.ts'
import { connect, type Ends } from './engine/socket.ts'
import { fateOf, type Weather } from './faults.ts'
import { createActChecks } from './invariants/acts.ts'
import { must } from './invariants/flaw.ts'
import { createLogRecord, type LogRecord } from './invariants/log.ts'
import { createRecords, type Records } from './invariants/records.ts'

/** Everything that is there in one seed. */
export interface Stage {
  readonly loop: Loop
  readonly tables: Tables
  readonly catalog: Catalog
  readonly world: World
  readonly log: LogRecord
  readonly records: Records
  readonly people: People
  readonly database: Machine
  server(): ServerLife
  /** Servers that were replaced, and could look for so long. */
  strays(awakeMs: number): Machine[]
  /** Starts another one beside the server that is there. */
  replaceServer(): void
  readonly nodes: readonly Host[]
}

/** A machine on which one life of a node follows the other. */
export interface Host {
  readonly life: NodeLife
  readonly ends: Ends | undefined
}

const SHARD = 'azora/sim'
const SIGNER = signerOf(SHARD)
const NODES = ['one', 'two'] as const

export function setStage(loop: Loop, random: Random, unchanging: Catalog, weather: Weather, theme: Theme): Stage {
  const tables = emptyTables()
  const catalog = theme.upgrades ? createChangingCatalog(tables) : unchanging
  const world = createWorld(isRepeatable)
  let shownMs = 0
  const onTime = (ms: number): void => {
    shownMs = Math.max(shownMs, ms)
  }
  const records = createRecords(tables, () => shownMs)
  const log = createLogRecord(Object.values(records))
  const database = loop.machine('database')
  const checks = createActChecks({ loop, tables, log, world, catalog }, isRepeatable)
  const calm = (): boolean => loop.nowMs >= weather.untilMs
  tables.onAppended = (entries) => {
    for (const { header } of entries) loop.trace(`${header.index} ${header.kind} ${header.run ?? ''}`)
    log.take(entries)
  }
  world.onBegin = checks.onBegin
  world.onEffect = checks.onEffect
  world.onEnd = checks.onEnd

  const questions = random.fork('database')
  const agents = random.fork('agents')
  const serverDeps = {
    loop,
    tables,
    database,
    signer: SIGNER,
    catalog,
    fateOf: () => fateOf(questions, weather, loop.nowMs),
    agentFate: () => ({ ms: agents.int(theme.moves ? 2_000 : 100), dies: !calm() && agents.chance(weather.agentDies) }),
    onAsk: (run: string, agent: AgentProcess, machine: Machine): void => {
      records.versions.onAsk(run, agent)
      const record = log.runs.get(run)
      // Who was replaced without noticing may ask in vain.
      const counts = machine === server.machine && record && !isTerminal(record.state)
      must(
        !counts || catalog.hasCode(agent.codeDigest),
        'the code of a run is there until it ends',
        `${run} ${agent.version}`,
      )
    },
    // In haste runs wait for each other, so that people reach them before they start.
    concurrency: 1 + random.int(theme.haste ? 1 : 4),
    onTime,
  }
  const lives: ServerLife[] = []
  const bornMs = new Map<ServerLife, number>()
  let server: ServerLife
  function launch(): void {
    const life = startServer(serverDeps, lives.length + 1)
    lives.push(life)
    bornMs.set(life, loop.nowMs)
    server = life
    life.machine.onDeath(() => {
      if (server === life) loop.after(weather.lasts * random.between(100, 3_000), undefined, 'server starts', launch)
    })
  }
  launch()
  const nodes = NODES.map((name) =>
    createHost(name, {
      loop,
      random: random.fork(name),
      world,
      weather,
      calm,
      server: () => server,
      onSend: checks.onSend,
    }),
  )
  return {
    loop,
    tables,
    catalog,
    world,
    log,
    records,
    database,
    nodes,
    people: createPeople({
      loop,
      random: random.fork('people'),
      world,
      server: () => server,
      // What a database holds that stands still is not given up here, as it is in service.
      awaySince: (ms) => database.frozenUntilMs <= ms && weather.awayFromMs <= ms && loop.nowMs <= weather.awayUntilMs,
    }),
    server: () => server,
    strays: (awakeMs) =>
      lives.flatMap((life) => {
        const { machine } = life
        // What it looks at may have stood still as well.
        const sinceMs = Math.max(bornMs.get(life) ?? 0, machine.frozenUntilMs, database.frozenUntilMs)
        const isAwake = machine.alive && sinceMs <= loop.nowMs - awakeMs
        return life !== server && isAwake ? [machine] : []
      }),
    replaceServer: launch,
  }
}

interface HostDeps {
  loop: Loop
  random: Random
  world: World
  weather: Weather
  calm: () => boolean
  server: () => ServerLife
  onSend: (text: string, server: ServerLife) => void
}

const DIAL_MS = 500
const HANDSHAKE_MS_MAX = 10_000

function createHost(name: string, { loop, random, world, weather, calm, server, onSend }: HostDeps): Host {
  const network = { latencyMs: () => random.int(10), repeats: () => !calm() && random.chance(weather.repeated) }
  const answering = (): 'once' | 'twice' | 'never' => {
    if (calm()) return 'once'
    if (random.chance(weather.unanswered)) return 'never'
    return random.chance(weather.twice) ? 'twice' : 'once'
  }
  let lives = 0
  let life: NodeLife
  let ends: Ends | undefined

  function launch(): void {
    lives += 1
    life = startNode({ loop, random, world, verifier: SIGNER.verifier, answering }, name, lives)
    life.machine.onDeath(() => void loop.after(random.between(100, 5_000), undefined, 'node starts', launch))
    dial(life)
  }

  /** As a node does: whenever it is not connected it tries again. */
  function dial(mine: NodeLife): void {
    loop.after(DIAL_MS + random.int(DIAL_MS), mine.machine, 'dials', () => {
      const near = server()
      if (!near.rooms) return dial(mine)
      let fate: 'open' | 'served' | 'given up' = 'open'
      loop.after(random.int(5), near.machine, 'is dialled', () => {
        // A server that stood still finds that nobody is there any more.
        if (!near.rooms || fate === 'given up') return
        const options = { protocol: NODE_PROTOCOL, onSend: (text: string) => onSend(text, near) }
        const made = connect({ loop, random, network }, near.machine, mine.machine, options)
        ends = made
        near.rooms.dispatcher.attach(made.near, `node:${name}`)
        loop.after(random.int(5), mine.machine, 'is connected', () => {
          if (fate === 'given up') return made.far.terminate()
          fate = 'served'
          mine.serve(made.far, () => dial(mine))
        })
      })
      loop.after(HANDSHAKE_MS_MAX, mine.machine, 'gives up', () => {
        if (fate === 'served') return
        fate = 'given up'
        dial(mine)
      })
    })
  }

  launch()
  return {
    get life() {
      return life
    },
    get ends() {
      return ends
    },
  }
}
