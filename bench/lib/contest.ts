import { createInterface } from 'node:readline'
import type { Measured } from './contestant.ts'

const READY_MS_MAX = 90_000

/**
 * Lets the benchmark measure one system: the far side of {@link startContestant}. Reads lines of `{concurrency, seconds}` from
 * standard input, answers each with a line of {@link Measured}, and ends at the end of its input.
 *
 * @param run starts one run of three steps; resolves when it is durably done, rejects when it failed
 */
export async function contest(run: () => Promise<void>, stop: () => Promise<void> = async () => {}): Promise<void> {
  const say = (message: object): boolean => process.stdout.write(`${JSON.stringify(message)}\n`)
  await untilDone(run)
  say({ ready: true })
  for await (const line of createInterface({ input: process.stdin })) {
    const { concurrency, seconds } = JSON.parse(line) as { concurrency: number; seconds: number }
    say(await measure(run, concurrency, seconds))
  }
  await stop()
  process.exit(0)
}

/** Tries until a first run is done: whatever is made at the first use is made then. */
async function untilDone(run: () => Promise<void>): Promise<void> {
  const limitMs = performance.now() + READY_MS_MAX
  for (;;) {
    try {
      return await run()
    } catch (thrown) {
      if (performance.now() > limitMs) throw thrown
    }
  }
}

/** As many runs under way at any time as asked, each begun when another has ended. */
async function measure(run: () => Promise<void>, concurrency: number, seconds: number): Promise<Measured> {
  const latencies: number[] = []
  let failed = 0
  const startedMs = performance.now()
  const endsMs = startedMs + seconds * 1_000
  const worker = async (): Promise<void> => {
    for (let now = performance.now(); now < endsMs; ) {
      const succeeded = await run().then(
        () => true,
        (error) => {
          // One of a kind is enough to see why.
          if (failed === 0) console.error(error)
          failed += 1
          return false
        },
      )
      const done = performance.now()
      if (succeeded) latencies.push(Math.round((done - now) * 100) / 100)
      now = done
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return { runs: latencies.length, failed, seconds: (performance.now() - startedMs) / 1_000, latencies }
}
