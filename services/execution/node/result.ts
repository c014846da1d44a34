import { parseStrictJson, toAzoraError } from '@azora/base'
import {
  ARTIFACT_REFS_MAX,
  Artifact,
  type Breach,
  Cost,
  type Ending,
  type Failure,
  type Json,
  type LimitName,
  type Usage,
} from '@azora/contracts'
import { digestOf } from '@azora/proof'
import { z } from 'zod'
import type { Exit } from '../isolation/port.ts'

/** What came of an action: its output or why there is none, how its processes ended and what they used. */
export type Conclusion = ({ output: Json; outputDigest: string; kept?: KeptFile[] } | { error: Failure }) & {
  ending?: Ending
  usage?: Usage
  cost?: Cost
}

/** As long as a {@link Failure} may be; a skill writes what it likes. */
const CODE_CHARS_MAX = 60
const MESSAGE_CHARS_MAX = 4_000

/** A file of the workspace that the skill wants to be kept, by its path there. */
const KeptFile = z.object({ name: Artifact.shape.name, path: z.string().min(1).max(4_096) })
export type KeptFile = z.infer<typeof KeptFile>

/** What a skill's runner writes to file descriptor 3. */
const Result = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    output: z.json(),
    kept: z.array(KeptFile).max(ARTIFACT_REFS_MAX).optional(),
    cost: Cost.optional(),
  }),
  z.object({ ok: z.literal(false), error: z.object({ code: z.string(), message: z.string() }), cost: Cost.optional() }),
])

/** The result as it goes on record: in JSON that reads in one way only. */
export function parseResult(bytes: Buffer, exit: Exit): Conclusion {
  if (bytes.length === 0) return crashed(exit)
  try {
    return readResult(parseStrictJson(bytes), exit)
  } catch (thrown) {
    return crashed(exit, toAzoraError(thrown).message)
  }
}

/** @param said what strict parsing gave */
export function readResult(said: unknown, exit: Exit): Conclusion {
  const result = Result.safeParse(said).data
  if (!result) return crashed(exit)
  const cost = result.cost && { cost: result.cost }
  if (!result.ok) return { ...failure(result.error.code, result.error.message), ...cost }
  const { output, kept } = result
  return { ...cost, output, outputDigest: digestOf(output), ...(kept && { kept }) }
}

export const failure = (code: string, message: string): { error: Failure } => ({
  error: { code: code.slice(0, CODE_CHARS_MAX), message: message.slice(0, MESSAGE_CHARS_MAX) },
})

export const CANCELLED = failure('cancelled', 'it was cancelled')

const crashed = ({ code, signal }: Exit, flaw?: string): { error: Failure } => {
  const how = signal ? `signal ${signal}` : `exit code ${code}`
  const why = flaw === undefined ? how : `${how}; ${flaw}`
  return failure('crashed', `the skill's process ended without a usable result (${why})`)
}

/** What a limit is of, for people; the figure is put in. */
const BREACHES: Record<LimitName, (figure: number) => string> = {
  wall: (ms) => `it took longer than ${ms} ms`,
  cpu: (ms) => `it used more than ${ms} ms of processor time`,
  memory: (bytes) => `it used more than ${bytes} bytes of memory`,
  processes: (count) => `it ran more than ${count} processes and threads at one time`,
  open_files: (count) => `it had ${count} files open at one time`,
  output: (bytes) => `it wrote more than ${bytes} bytes of result and log`,
  file: (bytes) => `it wrote a file of more than ${bytes} bytes`,
  disk: (bytes) => `it wrote more than ${bytes} bytes to storage`,
  tmp: (bytes) => `it filled /tmp or /dev/shm, of ${bytes} bytes each`,
}

export const breached = ({ limit, allowed }: Breach): { error: Failure } =>
  failure(`limit_${limit}`, BREACHES[limit](allowed))
