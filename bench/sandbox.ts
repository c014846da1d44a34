import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { limitsOf } from '@azora/contracts'
import { createIsolation, createPureDriver, createWarmPool, type LaunchSpec, type Sandboxed } from '@azora/execution'
import { type Spread, spreadOf } from './lib/measure.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } })
const SAMPLES = values.quick ? 10 : 60
const AT_ONE_TIME = values.quick ? 20 : 200
const IDLE_SLOTS = 4
const ROOT = realpathSync(join(import.meta.dirname, '..'))
const RUNNER = join(ROOT, 'packages/sdk/runner/skill.ts')
const SKILL = join(ROOT, 'packages/sdk/runner/testing/catalog/skills/echo.skill.ts')
const INVOCATION = JSON.stringify({
  input: { text: 'a' },
  context: { runId: 'r', stepId: 's', idempotencyKey: 'k', workspace: '/workspace' },
})

const isolation = await createIsolation({ projectRoot: ROOT })
const ECHO: LaunchSpec = { argv: ['/bin/echo', 'a'] }
/** Waits for its input, as a skill that is loaded does. */
const WAITING: LaunchSpec = { argv: ['/bin/sh', '-c', 'read -r said; echo "$said"'] }
const NODE_SKILL: LaunchSpec = {
  argv: [process.execPath, '--disable-warning=ExperimentalWarning', RUNNER, SKILL],
  read: [SKILL],
}

const firstByte = (stream: Readable): Promise<void> => new Promise((resolve) => stream.once('data', () => resolve()))

async function bare(command: string, args: readonly string[]): Promise<number> {
  const start = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await firstByte(child.stdout)
  const time = performance.now() - start
  await ended
  return time
}

/** From the call until the first byte that the command writes to its log or result. */
async function used(start: () => Sandboxed, input: string, stream: 'stdout' | 'result'): Promise<number> {
  const before = performance.now()
  const sandbox = start()
  sandbox.stdin.end(input)
  const first = firstByte(sandbox[stream])
  for (const other of [sandbox.stdout, sandbox.stderr, sandbox.result]) other.resume()
  await first
  const time = performance.now() - before
  await sandbox.exited
  return time
}

async function series(sample: () => Promise<number>): Promise<Spread> {
  const times: number[] = []
  for (let at = 0; at < SAMPLES + 2; at += 1) times.push(await sample())
  return spreadOf(times.slice(2))
}

/** Takes slots that have had the time to get ready. */
async function warm(spec: LaunchSpec, input: string, stream: 'stdout' | 'result', settleMs: number): Promise<Spread> {
  const pool = createWarmPool({ isolation, slotsMax: 1 })
  await used(() => pool.launch(spec, 'bench'), input, stream)
  const spread = await series(async () => {
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    return used(() => pool.launch(spec, 'bench'), input, stream)
  })
  pool.close()
  return spread
}

async function memoryPerIdleSlot(): Promise<number> {
  const { read: _read, ...spec } = NODE_SKILL
  const slots = Array.from({ length: IDLE_SLOTS }, () => isolation.launch(spec))
  for (const slot of slots) for (const stream of [slot.stdout, slot.stderr, slot.result]) stream.resume()
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  const bytes = slots.reduce((sum, slot) => sum + (slot.usage()?.memoryBytesPeak ?? 0), 0) / IDLE_SLOTS
  for (const slot of slots) slot.kill()
  await Promise.all(slots.map(({ exited }) => exited))
  return bytes
}

async function manyAtOneTime(): Promise<{ sandboxes: number; failed: number; ms: number }> {
  const start = performance.now()
  const spec: LaunchSpec = { argv: ['/bin/sh', '-c', 'echo "$$"; sleep 1'] }
  const ends = await Promise.all(
    Array.from({ length: AT_ONE_TIME }, async () => {
      const sandbox = isolation.launch(spec)
      for (const stream of [sandbox.stdout, sandbox.stderr, sandbox.result]) stream.resume()
      return (await sandbox.exited).code
    }),
  )
  return { sandboxes: ends.length, failed: ends.filter((code) => code !== 0).length, ms: performance.now() - start }
}

const BARE_WALLS = ['--ro-bind', '/', '/', '--unshare-all', '--die-with-parent', '--proc', '/proc', '--dev', '/dev']
const many = await manyAtOneTime()
const rows = {
  'bare spawn': await series(() => bare('/bin/echo', ['a'])),
  'bare bwrap': await series(() => bare('bwrap', [...BARE_WALLS, '/bin/echo', 'a'])),
  'sandbox, cold': await series(() => used(() => isolation.launch(ECHO), '', 'stdout')),
  'sandbox, warm': await warm(WAITING, 'a\n', 'stdout', 150),
  'bare Node.js, skill': await series(() => bareSkill()),
  'skill, cold': await series(() => used(() => isolation.launch(NODE_SKILL), INVOCATION, 'result')),
  'skill, warm': await warm({ argv: NODE_SKILL.argv }, INVOCATION, 'result', 1_500),
  'pure skill, loaded': await pureSkill(),
}

async function bareSkill(): Promise<number> {
  const start = performance.now()
  const child = spawn(NODE_SKILL.argv[0], NODE_SKILL.argv.slice(1), { stdio: ['pipe', 'ignore', 'ignore', 'pipe'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.stdin?.end(INVOCATION)
  await firstByte(child.stdio[3] as Readable)
  const time = performance.now() - start
  await ended
  return time
}

/** A pure skill, in an engine that has its code. */
async function pureSkill(): Promise<Spread> {
  const driver = createPureDriver({ isolation, runner: join(ROOT, 'packages/sdk/runner/pure.ts') })
  const entrypoint = join(ROOT, 'catalog/skills/text.measure.skill.ts')
  const job = {
    entrypoint,
    code: 'bench',
    tenant: 'bench',
    invocation: JSON.parse(INVOCATION),
    limits: limitsOf(),
    shown: {},
  }
  const spread = await series(async () => {
    const before = performance.now()
    await driver.perform(job, new AbortController().signal, () => undefined)
    return performance.now() - before
  })
  driver.close()
  return spread
}

const memoryBytes = await memoryPerIdleSlot()
if (values.json) console.log(JSON.stringify({ isolation: isolation.describe(), rows, many, memoryBytes }, null, 2))
else {
  console.log(`${isolation.describe()}; milliseconds from the call to the first byte, ${SAMPLES} samples each`)
  const base = rows['bare spawn'].p50
  for (const [name, { p50, p90, p99 }] of Object.entries(rows)) {
    const figures = [p50, p90, p99].map((figure) => figure.toFixed(1).padStart(8)).join('')
    console.log(`  ${name.padEnd(22)} p50 p90 p99 ${figures}   ${(p50 / base).toFixed(1)} × a bare spawn`)
  }
  console.log(`  ${many.sandboxes} sandboxes at one time: ${many.failed} failed, ${Math.round(many.ms)} ms in all`)
  console.log(`  an idle slot with a skill loaded: ${(memoryBytes / 1024 ** 2).toFixed(1)} MiB`)
}
process.exit(0)
