/**
 * Performs actions of a pure skill, one after another: `node pure.ts <absolute entrypoint> <limits as JSON>`.
 *
 * Writes an empty line to file descriptor 3 when it has loaded the code. Then it reads one `{input, context}` as a line of JSON
 * from standard input for each action, and writes one line of JSON to file descriptor 3 for each: `{"result": …, "log": …,
 * "spent": …}`, with the result as `skill.ts` has it. After each action the engine's memory is put back to what it was before
 * the first. After `spent` it must not be used again.
 */
import { writeSync } from 'node:fs'
import { z } from 'zod'
import { linesOf } from './lines.ts'
import { ModuleError, messageOf } from './load.ts'
import { failure, Invocation } from './perform.ts'
import { bundleFlaw, bundleSkill } from './pure/bundle.ts'
import { type Answer, createEngine, type Engine, type EngineLimits } from './pure/engine.ts'

const RESULT_FD = 3
const INVOCATION_BYTES_MAX = 16_777_216
const Limits = z.object({ cpuMs: z.number(), memoryBytes: z.number(), outputBytes: z.number() })

/** An engine with the code in it, or why there is none. */
async function load(entrypoint: string, limits: EngineLimits): Promise<Engine | Answer> {
  let bundle: string
  try {
    bundle = await bundleSkill(entrypoint)
  } catch (thrown) {
    return broken(`it can't be bundled: ${bundleFlaw(thrown)}`)
  }
  try {
    return await createEngine(bundle, limits)
  } catch (thrown) {
    if (thrown instanceof ModuleError) return broken(thrown.message)
    throw thrown
  }
}

const broken = (message: string): Answer => ({ result: failure('module_broken', message), log: '', spent: true })

function answerTo(line: string, engine: Engine | Answer): Answer {
  if ('result' in engine) return engine
  try {
    return engine.perform(Invocation.parse(JSON.parse(line)))
  } catch (thrown) {
    return { result: failure('invocation_invalid', messageOf(thrown)), log: '', spent: true }
  }
}

function write(line: string): void {
  const bytes = Buffer.from(`${line}\n`)
  for (let at = 0; at < bytes.length; ) at += writeSync(RESULT_FD, bytes, at)
}

const [entrypoint = '', limits = ''] = process.argv.slice(2)
const engine = await load(entrypoint, Limits.parse(JSON.parse(limits)))
write('')
for await (const line of linesOf(process.stdin, INVOCATION_BYTES_MAX)) {
  const answer = answerTo(line, engine)
  write(JSON.stringify(answer))
  if ('forget' in engine && !answer.spent) engine.forget()
}
process.exit(0)
