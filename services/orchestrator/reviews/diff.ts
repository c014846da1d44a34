import type { Json, JsonObject } from '@azora/contracts'
import { createTwoFilesPatch } from 'diff'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'

const DIFF_CHARACTERS_MAX = 20_000
/** Larger texts are shown as they are; comparing them takes too long. */
const TEXT_CHARACTERS_MAX = 200_000

/**
 * What an action would change, as a unified diff: a text that it writes, against the last one under that path that the run
 * has written or read; or arguments that people amended, against those that were proposed.
 */
export function diffOf(fold: RunFold, { step, action, amended }: StepFold): string | undefined {
  if (!action) return undefined
  if (amended) return patch('arguments', pretty(step.input), pretty(action.input))
  const written = fileIn(action.input)
  if (!written) return undefined
  const before = [...fold.steps.values()].findLast(
    (other) => other.step.id !== step.id && knownText(other, written.path),
  )
  return before && patch(written.path, knownText(before, written.path) ?? '', written.text)
}

function patch(name: string, before: string, after: string): string | undefined {
  if (before === after || before.length + after.length > TEXT_CHARACTERS_MAX) return undefined
  const text = createTwoFilesPatch(name, name, before, after, undefined, undefined, { context: 3 })
  return text.length <= DIFF_CHARACTERS_MAX ? text : `${text.slice(0, DIFF_CHARACTERS_MAX)}\n… (shortened)\n`
}

/** The text that a step left or found under a path. */
function knownText({ action, outcome }: StepFold, path: string): string | undefined {
  if (!action || outcome?.state !== 'succeeded') return undefined
  const written = fileIn(action.input)
  if (written?.path === path) return written.text
  const read = action.input.path === path && isObject(outcome.output) ? textIn(outcome.output) : undefined
  return typeof read === 'string' ? read : undefined
}

function fileIn(input: JsonObject): { path: string; text: string } | undefined {
  const text = textIn(input)
  return typeof input.path === 'string' && typeof text === 'string' ? { path: input.path, text } : undefined
}

const textIn = ({ content, text }: JsonObject): Json | undefined => content ?? text

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const pretty = (value: Json): string => `${JSON.stringify(value, null, 2)}\n`
