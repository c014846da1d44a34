import { JsonObject } from '@azora/contracts'
import type { EvidenceReport } from '@azora/evidence'
import { type RunView, stepsOf } from '../../live/run-view.ts'
import { printable, type Style } from '../../output/style.ts'
import { facts, plural } from '../../output/text.ts'

/** The last line of `azora demo --json`. */
export interface DemoResult {
  runId: string
  state: RunView['state']
  actions: Array<{ skill: string; effects: string[]; verdict: string | null; state: string }>
  /** Actions that the constitution denied. */
  denied: number
  branch: string | null
  evidence: { verified: boolean }
  elapsedMs: number
}

export function resultOf(view: RunView, evidence: EvidenceReport | undefined, elapsedMs: number): DemoResult {
  const actions = stepsOf(view).map(({ skill, effects, verdict, state }) => ({
    skill,
    effects,
    verdict: verdict ?? null,
    state,
  }))
  return {
    runId: view.runId,
    state: view.state,
    actions,
    denied: actions.filter(({ state }) => state === 'denied').length,
    branch: textIn(outputsOf(view).branch) ?? null,
    evidence: { verified: evidence?.verified === true },
    elapsedMs: Math.round(elapsedMs),
  }
}

/** "What was produced", from the outputs of `repo-steward`; what another version leaves out is not shown. */
export function producedText(style: Style, view: RunView): string {
  const outputs = outputsOf(view)
  const tests = objectIn(outputs.tests)
  const denied = stepsOf(view).filter(({ state }) => state === 'denied')
  const lines = facts(style, [
    ['summary', view.summary && printable(view.summary)],
    ['repository', textIn(outputs.repository)],
    ['branch', branchText(style, outputs)],
    ['commit', textIn(outputs.commit)],
    ['tests', testsText(tests)],
    ['found', foundText(outputs)],
    ['denied', denied.length === 0 ? undefined : style.bad(denied.map(({ skill }) => skill).join(', '))],
  ])
  return `${style.strong('What was produced')}\n${lines === '' ? style.quiet('nothing') : lines}`
}

function branchText(style: Style, outputs: JsonObject): string | undefined {
  const branch = textIn(outputs.branch)
  if (branch === undefined) return undefined
  return outputs.pushed === false ? `${branch} ${style.heed('(not pushed)')}` : style.good(branch)
}

function testsText(tests: JsonObject): string | undefined {
  const state = textIn(tests.state)
  const command = textIn(tests.command)
  return state === undefined || command === undefined ? state : `${state} (${command})`
}

function foundText(outputs: JsonObject): string | undefined {
  const counted = [
    ['marks', 'mark'],
    ['largeFiles', 'large file'],
    ['secrets', 'secret'],
  ] as const
  const found = counted.flatMap(([key, noun]) => {
    const count = countIn(outputs[key])
    return count === undefined ? [] : [plural(count, noun)]
  })
  return found.length === 0 ? undefined : found.join(', ')
}

const objectIn = (value: unknown): JsonObject => JsonObject.safeParse(value).data ?? {}
const outputsOf = (view: RunView): JsonObject => objectIn(view.outputs)
const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? printable(value) : undefined

function countIn(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length
  if (typeof value === 'number') return value
  const total = objectIn(value).total ?? objectIn(value).count
  return typeof total === 'number' ? total : undefined
}
