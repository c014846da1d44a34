/**
 * Azora and its peers on one machine and one PostgreSQL, running the same three steps: `npm run bench`. See README.md.
 *
 *     node bench/side-by-side.ts [--quick] [--json] [--seconds N] [--rounds N] [--only NAME,NAME] [--concurrency N,N]
 */
import { parseArgs } from 'node:util'
import { startAll } from './lib/side-by-side/contest.ts'
import { reportOf, tableOf } from './lib/side-by-side/report.ts'
import { measureRound, type Sample, warmUp } from './lib/side-by-side/rounds.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    concurrency: { type: 'string' },
  },
})
const seconds = Number(values.seconds ?? (values.quick ? 4 : 10))
const rounds = Number(values.rounds ?? 3)
const concurrencies = (values.concurrency ?? (values.quick ? '64' : '1,16,64,256')).split(',').map(Number)

const say = (text: string): void => console.error(text)
const contest = await startAll(values.only?.split(','), say)
try {
  await warmUp(contest, Math.max(...concurrencies), say)
  const samples: Sample[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const concurrency of concurrencies) {
      samples.push(...(await measureRound(contest, { concurrency, seconds, round }, say)))
    }
  }
  const report = reportOf(samples, contest.versions)
  console.log(values.json ? JSON.stringify(report) : tableOf(report))
} finally {
  await contest.stop()
}
