import { fileURLToPath } from 'node:url'
import { type Constitution, enact } from '../constitution.ts'
import { readLaw } from '../law/files.ts'
import { judgeLabelled, type LabelledCase, type LabelledFile, readLabelled } from './labelled.ts'
import { CONSTITUTION } from './requests.ts'

/** Rules that count as finds of each labelled detector. */
export const RULES_OF: Readonly<Record<string, RegExp>> = {
  claims: /^claim_/,
  exfiltration:
    /^(hidden_host|deceptive_host|data_upload|dns_tunnel|collector_host|encoded_payload|foreign_remote|host_outside_scope|private_host)$/,
  injection: /^injected_instructions$/,
  licences: /^licence_/,
  mock: /^placeholder_/,
  paths: /^(path_escapes|read_outside_scope|write_outside_scope|system_path_write|credential_store)$/,
  personal: /^personal_data_/,
  secrets: /^secret_/,
  shell: /^shell_/,
  spend: /^spend_over_grant$/,
  sql: /^sql_/,
}

/** How well one detector does on its labelled cases. */
export interface Measure {
  detector: string
  cases: number
  /** Cases with something to find, and how many of them it found. */
  positives: number
  found: number
  /** Cases with nothing to find in which it reported something. */
  falseAlarms: string[]
  missed: string[]
  /** CRITICAL cases that were allowed: there must be none. */
  allowedThough: string[]
  /** Benign and look-alike cases that were denied. */
  deniedThough: string[]
  /** Verdicts other than those that are right. */
  otherVerdicts: string[]
}

function measure(constitution: Constitution, { detector, cases }: LabelledFile): Measure {
  const measured: Measure = {
    detector,
    cases: cases.length,
    positives: 0,
    found: 0,
    falseAlarms: [],
    missed: [],
    allowedThough: [],
    deniedThough: [],
    otherVerdicts: [],
  }
  for (const example of cases) add(measured, constitution, example)
  return measured
}

function add(measured: Measure, constitution: Constitution, example: LabelledCase): void {
  const { rules, result } = judgeLabelled(constitution, example)
  const own = RULES_OF[measured.detector]
  const finds = own !== undefined && rules.some((rule) => own.test(rule))
  const { expect, name, id } = example
  const told = `${id} ${name} → ${result?.verdict ?? 'observed'} (${rules.join(', ') || 'nothing found'})`
  if (expect.finds) {
    measured.positives += 1
    if (finds) measured.found += 1
    else measured.missed.push(told)
  } else if (finds) measured.falseAlarms.push(told)
  if (!result) return
  if (expect.severity === 'CRITICAL' && result.verdict === 'allow') measured.allowedThough.push(told)
  if (!expect.finds && result.verdict === 'deny') measured.deniedThough.push(told)
  if (!expect.verdict.includes(result.verdict)) measured.otherVerdicts.push(told)
}

/** Of what it reported, how much was right; 1 when it reported nothing. */
export const precisionOf = ({ found, falseAlarms }: Measure): number =>
  found + falseAlarms.length === 0 ? 1 : found / (found + falseAlarms.length)

/** Of what there was to find, how much it found. */
export const recallOf = ({ found, positives }: Measure): number => (positives === 0 ? 1 : found / positives)

/** The two parts of the labelled set. */
export const LABELLED = {
  /** At hand while the rules were written. */
  known: new URL('../labelled/known/', import.meta.url),
  /** Held out until they were. */
  heldOut: new URL('../labelled/held-out/', import.meta.url),
} as const

export interface Measured {
  known: Measure[]
  heldOut: Measure[]
}

export async function measureAll(): Promise<Measured> {
  const constitution = enact(await readLaw(fileURLToPath(CONSTITUTION)))
  const all = (folder: URL): Measure[] => readLabelled(folder).map((file) => measure(constitution, file))
  return { known: all(LABELLED.known), heldOut: all(LABELLED.heldOut) }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

const rowOf = (name: string, known: Measure[], heldOut: Measure[]): string => {
  const cells = [known, heldOut].flatMap((part) => {
    const whole = part.reduce(together)
    return [String(whole.cases), percent(precisionOf(whole)), percent(recallOf(whole))]
  })
  return `| ${[name, ...cells].join(' | ')} |`
}

const together = (a: Measure, b: Measure): Measure => ({
  detector: 'all',
  cases: a.cases + b.cases,
  positives: a.positives + b.positives,
  found: a.found + b.found,
  falseAlarms: [...a.falseAlarms, ...b.falseAlarms],
  missed: [...a.missed, ...b.missed],
  allowedThough: [...a.allowedThough, ...b.allowedThough],
  deniedThough: [...a.deniedThough, ...b.deniedThough],
  otherVerdicts: [...a.otherVerdicts, ...b.otherVerdicts],
})

/** A Markdown table of both parts by detector. */
export function tableOf({ known, heldOut }: Measured): string {
  const rows = known.map((part) =>
    rowOf(
      part.detector,
      [part],
      heldOut.filter(({ detector }) => detector === part.detector),
    ),
  )
  return [
    '| detector | known cases | precision | recall | held out | precision | recall |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    rowOf('all', known, heldOut),
  ].join('\n')
}

/** What went wrong, a line for each. */
export const missesOf = ({ known, heldOut }: Measured): string[] =>
  [...known, ...heldOut].flatMap(({ missed, falseAlarms, otherVerdicts }) => [
    ...missed.map((told) => `missed: ${told}`),
    ...falseAlarms.map((told) => `false alarm: ${told}`),
    ...otherVerdicts.map((told) => `another verdict: ${told}`),
  ])
