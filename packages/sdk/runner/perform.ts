import { Cost, Failure, type JsonObject } from '@azora/contracts/authoring'
import { z } from 'zod'
import { type Skill, SkillContext, type SkillTools } from '../define-skill.ts'
import { createArtifacts, type Kept } from './artifacts.ts'

/** What the node writes to the runner's standard input. */
export const Invocation = z.object({
  input: z.record(z.string(), z.json()),
  context: SkillContext,
  /** Variables of the skill and its children; they are in no command line and in no file. */
  environment: z.record(z.string(), z.string()).optional(),
})
export interface Invocation {
  input: JsonObject
  context: SkillContext
  environment?: Record<string, string> | undefined
}

/** What the runner writes to file descriptor 3. */
export type Result = ({ ok: true; output: unknown; kept?: Kept[] } | { ok: false; error: Failure }) & { cost?: Cost }

const MESSAGE_CHARS = 4000

/**
 * Performs one action. Never throws; its own codes are `input_invalid`, `output_invalid` and `skill_failed`.
 *
 * @param report told about failures that the skill didn't foresee
 */
export async function perform(
  skill: Skill,
  { input, context }: Invocation,
  report: (thrown: unknown) => void,
): Promise<Result> {
  const parsed = skill.input.safeParse(input)
  if (!parsed.success) return failure('input_invalid', z.prettifyError(parsed.error))
  const charged = createCharges()
  const { tools, said } = createArtifacts(context)
  const result = await run(skill, parsed.data, { ...context, ...tools, charge: charged.add }, report)
  return { ...result, ...(result.ok && said()), ...charged.said() }
}

async function run(
  skill: Skill,
  input: unknown,
  context: SkillContext & SkillTools,
  report: (thrown: unknown) => void,
): Promise<Result> {
  try {
    const output = skill.output.safeParse(await skill.run(input, context))
    if (output.success) return { ok: true, output: output.data ?? null }
    return failure('output_invalid', z.prettifyError(output.error))
  } catch (thrown) {
    const expected = foreseen(thrown) ?? limitOf(thrown)
    if (expected) return failure(expected.code, expected.message)
    report(thrown)
    return failure('skill_failed', thrown instanceof Error ? thrown.message : String(thrown))
  }
}

/** Adds up what a skill says it cost. Of what it never named, nothing is said. */
function createCharges(): { add(cost: Cost): void; said(): { cost?: Cost } } {
  const total: Cost = {}
  return {
    add(given) {
      const { tokens, money } = Cost.parse(given)
      const { currency = money?.currency, micros = 0 } = total.money ?? {}
      if (money && money.currency !== currency)
        throw new TypeError(`an attempt is charged in one currency, not in ${currency} and ${money.currency}`)
      if (tokens !== undefined) total.tokens = (total.tokens ?? 0) + tokens
      if (money) total.money = { currency: money.currency, micros: micros + money.micros }
    },
    said: () => (Object.keys(total).length > 0 ? { cost: total } : {}),
  }
}

export const failure = (code: string, message: string): Result => ({
  ok: false,
  error: { code, message: message.slice(0, MESSAGE_CHARS) },
})

/** Errors of the system (errno(3)) that a process gets at a limit of its sandbox. */
const LIMIT_ERRORS = new Map([
  ['EMFILE', 'limit_open_files'],
  ['EFBIG', 'limit_file'],
  ['ENOSPC', 'limit_tmp'],
])

/** A limit at which the system refused, where nothing ended the process for it. */
function limitOf(thrown: unknown): Failure | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  const code = LIMIT_ERRORS.get(String(thrown.code))
  return code === undefined ? undefined : { code, message: thrown.message.slice(0, MESSAGE_CHARS) }
}

/** A `SkillError`, also one of another copy of the SDK. */
function foreseen(thrown: unknown): Failure | undefined {
  if (!(thrown instanceof Error) || thrown.name !== 'SkillError' || !('code' in thrown)) return undefined
  return Failure.safeParse({ code: thrown.code, message: thrown.message.slice(0, MESSAGE_CHARS) }).data
}
