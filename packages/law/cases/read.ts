import { AzoraError } from '@azora/base'
import { Verdict, VerificationRequest } from '@azora/contracts'
import { z } from 'zod'
import type { LawFile } from '../law/files.ts'
import { RequestChanges } from './changes.ts'
import { DecisionChanges } from './decision.ts'
import { FAKE_SECRETS, LOOK_ALIKES } from './made-up-secrets.ts'
import { PlanChanges } from './plan.ts'

const Expected = z.strictObject({ verdict: Verdict, rules: z.array(z.string()) })

const Case = z.union([
  RequestChanges.extend({ name: z.string(), expect: Expected }),
  z.strictObject({
    name: z.string(),
    outputs: z.json(),
    /** Texts that the run has read. */
    sources: z.array(z.string()).optional(),
    expect: Expected,
  }),
  PlanChanges.extend({ name: z.string(), expect: Expected }),
  DecisionChanges.extend({ name: z.string(), expect: Expected }),
])
export type Case = z.infer<typeof Case>

const CaseFile = z.strictObject({ article: z.string(), cases: z.array(Case).min(1) })

/** The cases of one article, from one file. */
export interface CaseFile extends z.infer<typeof CaseFile> {
  /** Name of the file below the constitution's folder. */
  file: string
}

/** The examples of a constitution: what must be allowed, denied and reviewed. */
export interface CaseSet {
  /** The request that cases change. */
  base: VerificationRequest
  files: readonly CaseFile[]
}

const BASE = 'cases/base.json'

/**
 * The cases among the files of a constitution, in the order of their files' names. In every text and name `{{name}}`
 * stands for that made-up secret, and `{{+}}` for nothing. Throws `cases_invalid`.
 */
export function readCases(files: readonly LawFile[]): CaseSet {
  const own = files.filter(({ name }) => name.startsWith('cases/') && name.endsWith('.json'))
  const base = own.find(({ name }) => name === BASE)
  if (!base) throw invalid(`${BASE} is missing`)
  const others = own.filter(({ name }) => name !== BASE).sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    base: parse(VerificationRequest, base),
    files: others.map((file) => ({ ...parse(CaseFile, file), file: file.name })),
  }
}

function parse<T>(shape: z.ZodType<T>, { name, text }: LawFile): T {
  try {
    const read = shape.safeParse(fill(JSON.parse(text)))
    if (read.success) return read.data
    throw invalid(`${name}: ${z.prettifyError(read.error)}`)
  } catch (cause) {
    if (cause instanceof SyntaxError) throw invalid(`${name}: ${cause.message}`)
    if (cause instanceof RangeError) throw invalid(`${name}: it is nested too deeply`)
    throw cause
  }
}

function fill(value: unknown): unknown {
  if (typeof value === 'string') return fillText(value)
  if (Array.isArray(value)) return value.map(fill)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [fillText(key), fill(child)]))
}

const fillText = (text: string): string =>
  text.replaceAll('{{+}}', '').replace(/\{\{([a-z-]+)\}\}/g, (_, name: string) => secret(name))

function secret(name: string): string {
  const text = FAKE_SECRETS[name] ?? LOOK_ALIKES[name]
  if (text === undefined) throw invalid(`no made-up secret is called ${name}`)
  return text
}

const invalid = (message: string): AzoraError =>
  new AzoraError('fix', 'cases_invalid', message, { remedy: 'Correct the cases of the constitution.' })
