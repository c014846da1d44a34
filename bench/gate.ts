import { parseArgs } from 'node:util'
import type { VerificationRequest } from '@azora/contracts'
import { type Constitution, enact } from '@azora/law'
import { digestOf } from '@azora/proof'
import { createBare } from './lib/bare.ts'
import { lawOf, PERMITS } from './lib/law.ts'
import { measure, now, type Spread, spreadOf } from './lib/measure.ts'
import { createSealer, type Decision } from './lib/receipts.ts'
import { requestOf } from './lib/requests.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } })
const SIZES = [1, 10, 100, 1000]
const BATCH = 64
const SAMPLES = BATCH * (values.quick ? 8 : 100)
const WARM_UP = BATCH * (values.quick ? 8 : 40)
const BARE_SAMPLES = (articles: number): number => (values.quick ? 200 : articles < 1000 ? 5_000 : 1_000)

interface Row {
  articles: number
  enactMs: number
  /** Detectors, law, score and the action's digest. */
  firstSeen: Spread
  /** The same with the receipt: one of a batch of 64. */
  firstSeenWithReceipt: Spread
  /** Under a permit that takes Cedar each time, as its answer can't be remembered. */
  nothingRemembered: Spread
  receiptOnly: Spread
  repeated: Spread
  bareCedar: Spread
}

let next = 0
const requests = (count: number): VerificationRequest[] =>
  Array.from({ length: count }, () => {
    next += 1
    return requestOf(next)
  })

const judge = (constitution: Constitution, request: VerificationRequest): Decision => ({
  request,
  result: constitution.verify(request),
  actionDigest: digestOf(request.action),
})

function firstSeen(constitution: Constitution): Pick<Row, 'firstSeen' | 'firstSeenWithReceipt' | 'receiptOnly'> {
  const seal = createSealer()
  const judging: number[] = []
  const receipts: number[] = []
  const both: number[] = []
  for (let round = 0; round < (WARM_UP + SAMPLES) / BATCH; round += 1) {
    const decisions: Decision[] = []
    const times = requests(BATCH).map((request) => {
      const start = now()
      decisions.push(judge(constitution, request))
      return now() - start
    })
    const start = now()
    seal(decisions)
    const share = (now() - start) / BATCH
    if (round * BATCH < WARM_UP) continue
    judging.push(...times)
    receipts.push(share)
    both.push(...times.map((time) => time + share))
  }
  return { firstSeen: spreadOf(judging), firstSeenWithReceipt: spreadOf(both), receiptOnly: spreadOf(receipts) }
}

function rowFor(articles: number): Row {
  const law = lawOf(articles, PERMITS.plain)
  const start = now()
  const constitution = enact(law.files)
  const enactMs = (now() - start) / 1000
  const opaque = enact(lawOf(articles, PERMITS.opaque).files)
  const fresh = requests(WARM_UP + SAMPLES)
  const known = requests(BATCH)
  const bare = createBare(law.policies)
  const asked = requests(100 + BARE_SAMPLES(articles))
  const at = (list: readonly VerificationRequest[], place: number) => list[place % list.length] ?? requestOf(0)
  return {
    articles,
    enactMs,
    ...firstSeen(constitution),
    nothingRemembered: measure(SAMPLES, WARM_UP, (place) => judge(opaque, at(fresh, place))),
    repeated: measure(SAMPLES, WARM_UP, (place) => judge(constitution, at(known, place))),
    bareCedar: measure(BARE_SAMPLES(articles), 100, (place) => bare(at(asked, place))),
  }
}

const figure = ({ p50, p90, p99 }: Spread): string =>
  [p50, p90, p99].map((time) => time.toFixed(1).padStart(9)).join(' ')

function print(rows: readonly Row[]): void {
  const lines: Array<[string, (row: Row) => Spread]> = [
    ['first seen', (row) => row.firstSeen],
    ['first seen, with receipt', (row) => row.firstSeenWithReceipt],
    ['  of it the receipt', (row) => row.receiptOnly],
    ['first seen, nothing remembered', (row) => row.nothingRemembered],
    ['repeated', (row) => row.repeated],
    ['bare Cedar', (row) => row.bareCedar],
  ]
  for (const row of rows) {
    console.log(
      `\n${row.articles} articles (enacted in ${row.enactMs.toFixed(0)} ms)`.padEnd(36),
      '  p50 µs    p90 µs    p99 µs  p50 / bare',
    )
    for (const [name, of] of lines) {
      const ratio = of(row).p50 / row.bareCedar.p50
      console.log(name.padEnd(34), figure(of(row)), ratio.toFixed(2).padStart(11))
    }
  }
}

const rows = SIZES.map(rowFor)
if (values.json) console.log(JSON.stringify({ node: process.version, batch: BATCH, rows }, null, 2))
else print(rows)
