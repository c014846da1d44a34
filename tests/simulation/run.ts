import { createCatalog } from './cast/catalog.ts'
import { themeOf } from './cast/theme.ts'
import { createLoop } from './engine/loop.ts'
import { drain, own, ownedBy } from './engine/own.ts'
import { createRandom } from './engine/random.ts'
import { Flaw, note } from './invariants/flaw.ts'
import type { Plant } from './plants/plant.ts'
import { runSeed } from './seed.ts'

/**
 * Plays seeds and prints a line of JSON about each: `main.ts FIRST COUNT [STEP]`. `main.ts trace SEED` prints all that
 * happens in one, before what came of it.
 *
 * @param plant a bug that the code has: then it stops when that is found, and plays seeds of its theme alone
 */
export async function run([first = '1', count = '1', step = '1']: string[], plant?: Plant): Promise<void> {
  const realNow = process.hrtime.bigint
  own()
  // What nobody waits for must not fail either.
  process.on('unhandledRejection', (thrown) => note(new Flaw('no failure is left alone', String(thrown))))
  const random = createRandom('start')
  ownedBy({ loop: createLoop(drain), ids: random, salts: random })
  const catalog = await createCatalog()
  if (first === 'trace') return print(await runSeed(count, catalog, print))
  for (let at = 0, played = 0; played < Number(count); at += 1) {
    const started = realNow()
    const seed = String(Number(first) + at * Number(step))
    if (plant?.theme && themeOf(seed).name !== plant.theme) continue
    played += 1
    const result = await runSeed(seed, catalog)
    print({ ...result, ms: Math.round(Number(realNow() - started) / 1e6) })
    if (plant && result.flaw) return
  }
}

function print(line: unknown): void {
  process.stdout.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
}
