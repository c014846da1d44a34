import { availableParallelism } from 'node:os'
import { median } from '../measure.ts'
import { AZORA } from './contest.ts'
import { BARE, type Sample } from './rounds.ts'

type Figures = Omit<Sample, 'name' | 'round' | 'concurrency'>

/** What came of a benchmark: medians over its rounds. */
export interface Report {
  /** The concurrency that the figures at the top are of. */
  concurrency: number
  ours?: Figures
  peers: Record<string, Figures>
  bareAppend?: Figures
  /** Ours to the fastest peer's runs each second: the median of the rounds' ratios. */
  ratioToFastest?: number
  ratioToBareAppend?: number
  byConcurrency: Record<number, Record<string, Figures>>
  versions: Record<string, string>
  node: string
  cores: number
  rounds: number
}

/** The concurrency that is reported at the top, if it was measured. */
const HEADLINE = 64

export function reportOf(samples: readonly Sample[], versions: Record<string, string>): Report {
  const concurrencies = [...new Set(samples.map(({ concurrency }) => concurrency))]
  const concurrency = concurrencies.includes(HEADLINE) ? HEADLINE : (concurrencies[0] ?? HEADLINE)
  const here = figuresAt(samples, concurrency)
  const { [AZORA]: ours, [BARE]: bareAppend, ...peers } = here
  const ratios = ratiosAt(samples, concurrency)
  return {
    concurrency,
    ...(ours && { ours }),
    peers,
    ...(bareAppend && { bareAppend }),
    ...ratios,
    byConcurrency: Object.fromEntries(concurrencies.map((one) => [one, figuresAt(samples, one)])),
    versions,
    node: process.version,
    cores: availableParallelism(),
    rounds: Math.max(...samples.map(({ round }) => round)) + 1,
  }
}

function figuresAt(samples: readonly Sample[], concurrency: number): Record<string, Figures> {
  const here = samples.filter((sample) => sample.concurrency === concurrency)
  const names = [...new Set(here.map(({ name }) => name))]
  return Object.fromEntries(
    names.map((name) => {
      const own = here.filter((sample) => sample.name === name)
      const of = (key: keyof Figures): number => round(median(own.map((sample) => sample[key] ?? 0)))
      const known = own.every(({ cpuMsPerRun }) => cpuMsPerRun !== undefined)
      const usage = {
        cpuMsPerRun: of('cpuMsPerRun'),
        postgresMsPerRun: of('postgresMsPerRun'),
        memoryBytes: of('memoryBytes'),
      }
      return [
        name,
        {
          runsPerSecond: of('runsPerSecond'),
          failed: of('failed'),
          p50: of('p50'),
          p95: of('p95'),
          p99: of('p99'),
          ...(known && usage),
        },
      ]
    }),
  )
}

/** Of each round by itself, as the machine may be busy with other things for some of them. */
function ratiosAt(
  samples: readonly Sample[],
  concurrency: number,
): Pick<Report, 'ratioToFastest' | 'ratioToBareAppend'> {
  const rate = (round: number, test: (name: string) => boolean): number =>
    Math.max(
      0,
      ...samples
        .filter((sample) => sample.round === round && sample.concurrency === concurrency && test(sample.name))
        .map(({ runsPerSecond }) => runsPerSecond),
    )
  const rounds = [...new Set(samples.map((sample) => sample.round))]
  const ratioTo = (test: (name: string) => boolean): number | undefined => {
    const ratios = rounds.map((round) => rate(round, (name) => name === AZORA) / rate(round, test))
    return ratios.every((ratio) => Number.isFinite(ratio) && ratio > 0) ? round(median(ratios)) : undefined
  }
  const toFastest = ratioTo((name) => name !== AZORA && name !== BARE)
  const toBare = ratioTo((name) => name === BARE)
  return {
    ...(toFastest !== undefined && { ratioToFastest: toFastest }),
    ...(toBare !== undefined && { ratioToBareAppend: toBare }),
  }
}

const round = (value: number): number => Number(value.toPrecision(4))

const MIB = 1_048_576

export function tableOf(report: Report): string {
  const lines = [
    '| concurrency | system | runs/s | p50 ms | p95 ms | p99 ms | CPU ms/run | PostgreSQL ms/run | MiB |',
    '|---|---|---|---|---|---|---|---|---|',
  ]
  for (const [concurrency, figures] of Object.entries(report.byConcurrency)) {
    for (const [name, { runsPerSecond, p50, p95, p99, cpuMsPerRun, postgresMsPerRun, memoryBytes }] of Object.entries(
      figures,
    )) {
      const cells = [
        concurrency,
        name,
        runsPerSecond.toFixed(0),
        p50,
        p95,
        p99,
        cpuMsPerRun ?? '',
        postgresMsPerRun ?? '',
      ]
      lines.push(`| ${cells.join(' | ')} | ${memoryBytes === undefined ? '' : (memoryBytes / MIB).toFixed(0)} |`)
    }
  }
  const ratios = `at ${report.concurrency}: ${report.ratioToFastest ?? '?'} of the fastest peer, ${report.ratioToBareAppend ?? '?'} of the bare append`
  return [...lines, '', ratios].join('\n')
}
