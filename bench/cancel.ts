import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createIsolation } from '@azora/execution'
import { spreadOf } from './lib/measure.ts'
import { NASTY } from './lib/nasty.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } })
const TIMES = values.quick ? 28 : 200
const AT_ONE_TIME = 4
const ROOT = realpathSync(join(import.meta.dirname, '..'))
const MARK = 'AZORA_BENCH_CANCEL'

const isolation = await createIsolation({ projectRoot: ROOT })
const programs = Object.entries(NASTY)
const times = new Map<string, number[]>(programs.map(([name]) => [name, []]))

let seen = 0

/** Milliseconds from the request until everything is gone, as the node sees it. */
async function cancelled(program: string, look = (): void => undefined): Promise<number> {
  const sandbox = isolation.launch({
    argv: ['/bin/sh', '-c', program],
    env: { [MARK]: '1' },
    limits: { processes: 2_000 },
  })
  sandbox.stderr.resume()
  sandbox.result.resume()
  const ready = new Promise<void>((resolve) => sandbox.stdout.once('data', () => resolve()))
  sandbox.stdout.resume()
  await Promise.race([ready, sandbox.exited])
  await new Promise((resolve) => setTimeout(resolve, 150))
  look()
  const start = performance.now()
  sandbox.kill()
  await sandbox.exited
  return performance.now() - start
}

/** Processes of this machine that were started here and are still there: all of them inherit a variable. */
const left = (): number => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOurs(name)).length

function isOurs(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=`)
  } catch {
    return false
  }
}

let next = 0
async function worker(): Promise<void> {
  for (let at = next++; at < TIMES; at = next++) {
    const [name, program] = programs[at % programs.length] as [string, string]
    times.get(name)?.push(await cancelled(program))
  }
}
// Looking at all processes takes the time of everything else here, so it is done before anything is measured.
for (const [, program] of programs)
  await cancelled(program, () => {
    seen += left() > 0 ? 1 : 0
  })
await Promise.all(Array.from({ length: AT_ONE_TIME }, worker))

const all = spreadOf([...times.values()].flat())
const slowest = Math.max(...[...times.values()].flat())
const answer = {
  isolation: isolation.describe(),
  cancellations: all.samples,
  p50Ms: all.p50,
  p99Ms: all.p99,
  slowestMs: slowest,
  /** Programs of which processes were found from outside before the cancellation: the look can see them. */
  seenBefore: seen,
  left: left(),
  programs: Object.fromEntries(
    [...times].map(([name, list]) => [name, { p50Ms: spreadOf(list).p50, p99Ms: spreadOf(list).p99 }]),
  ),
}
if (values.json) console.log(JSON.stringify(answer, null, 2))
else {
  console.log(`${answer.isolation}: ${answer.cancellations} cancellations, ${AT_ONE_TIME} at one time`)
  for (const [name, list] of times) {
    const { p50, p99 } = spreadOf(list)
    console.log(`  ${name.padEnd(34)} p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms`)
  }
  console.log(
    `  ${'all'.padEnd(34)} p50 ${all.p50.toFixed(1)} ms   p99 ${all.p99.toFixed(1)} ms   slowest ${slowest.toFixed(1)} ms`,
  )
  console.log(
    `  processes left, seen from outside: ${answer.left} (found before, of ${seen} of ${programs.length} programs)`,
  )
}
process.exit(0)
