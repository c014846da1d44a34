import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { SeedResult } from './seed.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

interface Played {
  results: SeedResult[]
  /** What the process said of itself, when it failed. */
  failure?: string
}

interface Seeds {
  first: number
  count: number
  step?: number
}

/**
 * Plays seeds in a process of its own, whose time and randomness the simulation owns.
 *
 * @param plant name of a bug that its code has
 */
export async function play({ first, count, step = 1 }: Seeds, plant?: string): Promise<Played> {
  const child = spawn(process.execPath, [MAIN, String(first), String(count), String(step)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...(plant && { AZORA_SIM_PLANT: plant }) },
  })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const errors: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  const results: SeedResult[] = []
  for await (const line of createInterface({ input: child.stdout })) results.push(JSON.parse(line))
  return (await exited) === 0 ? { results } : { results, failure: Buffer.concat(errors).toString('utf8') }
}
