import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import variant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core'
import { ModuleError } from '../load.ts'
import { failure, type Invocation, type Result } from '../perform.ts'
import { EXPORTS } from './bundle.ts'
import { layoutOf } from './layout.ts'
import { takeSnapshot } from './memory.ts'

export interface EngineLimits {
  cpuMs: number
  memoryBytes: number
  outputBytes: number
}

export interface Answer {
  result: Result
  log: string
  /** The engine's memory has grown and is not what it was: it must not be used again. */
  spent: boolean
}

/** QuickJS in WebAssembly: a skill's code, loaded once, that forgets everything between two actions. */
export interface Engine {
  /** Begins with the memory as it was before the first action, always. */
  perform(invocation: Invocation): Answer
  /** Puts the memory back now, so that the next action need not wait for it. */
  forget(): void
}

/** Its types are those of a module of the other kind. */
const SYNC = variant as unknown as QuickJSSyncVariant
const PAGE = 65_536
const PAGES = 256
const STACK_BYTES = 262_144
const LOAD_MS_MAX = 20_000
const JOBS_MAX = 100_000
const LOG_CHARS = 16_000
/** Parts of a skill's schemas that are used before its first action. */
const SCHEMAS_MAX = 1_000

/** Everything that the code has of a world: a console. What it prints is cut, not counted. */
const PRELUDE = `{
  const lines = []; let length = 0
  const text = (value) => typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  const print = (...values) => { const line = values.map(text).join(' '); length += line.length; if (length <= ${LOG_CHARS}) lines.push(line) }
  globalThis.console = { log: print, info: print, warn: print, error: print, debug: print }
  globalThis.azoraLog = () => lines.join('\\n')
}`

/** What the engine calls: functions that are kept, as code that is compiled for each action takes longer than the calls. */
const CALLS = `(() => {
  let said = ''
  const say = (result) => { said = JSON.stringify(result) }
  const fail = (code, error) => say({ ok: false, error: { code: String(code), message: String(error?.message ?? error) } })
  const perform = (invocation) => {
    const skill = ${EXPORTS}.default
    if (!skill || skill.kind !== 'skill' || typeof skill.run !== 'function') return 'no-skill'
    const { input, context } = JSON.parse(invocation)
    const parsed = skill.input.safeParse(input)
    if (!parsed.success) return fail('input_invalid', parsed.error)
    const take = (answer) => {
      const output = skill.output.safeParse(answer)
      if (output.success) say({ ok: true, output: output.data ?? null })
      else fail('output_invalid', output.error)
    }
    const refuse = (error) => fail(error?.name === 'SkillError' ? error.code : 'skill_failed', error)
    try { Promise.resolve(skill.run(parsed.data, context)).then(take).catch(refuse) } catch (error) { refuse(error) }
  }
  const prepare = () => {
    const seen = new Set()
    const use = (value) => {
      if (typeof value !== 'object' || value === null || seen.has(value) || seen.size >= ${SCHEMAS_MAX}) return
      seen.add(value)
      if (!value._zod) return Object.values(value).forEach(use)
      for (const tried of [{}, [], '', 0]) try { value.safeParse(tried) } catch { /* it only has to have been used */ }
      use(value._zod.def)
    }
    const { input, output } = ${EXPORTS}.default ?? {}
    use([input, output])
  }
  return { perform, prepare, said: () => said, log: azoraLog }
})()`

/** @throws ModuleError when the code doesn't load */
export async function createEngine(bundle: string, limits: EngineLimits): Promise<Engine> {
  const wasmMemory = new WebAssembly.Memory({ initial: PAGES, maximum: pagesOf(limits.memoryBytes) })
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(SYNC, { wasmMemory, wasmBinary: binary() }))
  const runtime = quickjs.newRuntime({ memoryLimitBytes: limits.memoryBytes, maxStackSizeBytes: STACK_BYTES })
  let deadlineMs = performance.now() + LOAD_MS_MAX
  runtime.setInterruptHandler(() => performance.now() > deadlineMs)
  const context = runtime.newContext()
  const layout = layoutOf(wasmMemory, (bytes) => void evaluate(context, `'.'.repeat(${bytes}).length`))
  for (const code of [PRELUDE, bundle]) {
    const flaw = evaluate(context, code).error
    if (flaw) throw new ModuleError(`the module doesn't load: ${flaw.message}`)
  }
  const calls = callsOf(context)
  settle(context, runtime, calls)
  const before = takeSnapshot(wasmMemory, layout)
  const bytes = wasmMemory.buffer.byteLength
  let isUsed = false
  const forget = (): void => {
    if (isUsed && before.putBack()) isUsed = false
  }
  return {
    forget,
    perform(invocation) {
      forget()
      isUsed = true
      deadlineMs = performance.now() + limits.cpuMs
      const result = named(
        performIn(context, runtime, calls, invocation, limits),
        performance.now() > deadlineMs,
        limits,
      )
      deadlineMs = Number.POSITIVE_INFINITY
      const log = call(context, calls.log).text
      return { result, log, spent: wasmMemory.buffer.byteLength !== bytes }
    },
  }
}

interface Calls {
  perform: QuickJSHandle
  prepare: QuickJSHandle
  said: QuickJSHandle
  log: QuickJSHandle
}

function callsOf(context: QuickJSContext): Calls {
  using calls = context.unwrapResult(context.evalCode(CALLS))
  const kept = (name: keyof Calls): QuickJSHandle => context.getProp(calls, name)
  return { perform: kept('perform'), prepare: kept('prepare'), said: kept('said'), log: kept('log') }
}

/**
 * What the library, and the schemas of a skill, make at their first use has to be in what the memory is put back to: else it is
 * lost, or made again for each action.
 */
function settle(context: QuickJSContext, runtime: QuickJSRuntime, { prepare, said, log }: Calls): void {
  for (const kept of [context.global, context.undefined, context.null, context.true, context.false])
    context.typeof(kept)
  context.newString('').dispose()
  runtime.executePendingJobs(1)
  for (const used of [said, log, prepare]) call(context, used)
  evaluate(context, 'throw null')
}

function performIn(
  context: QuickJSContext,
  runtime: QuickJSRuntime,
  { perform, said }: Calls,
  invocation: Invocation,
  limits: EngineLimits,
): Result {
  using text = context.newString(JSON.stringify(invocation))
  const started = call(context, perform, text)
  if (started.text === 'no-skill') return failure('module_broken', 'the default export is no skill')
  const jobs = started.error ? undefined : runtime.executePendingJobs(JOBS_MAX)
  const thrown = started.error ?? (jobs?.error ? flawOf(jobs.error.context, jobs.error) : undefined)
  if (thrown) return refused(thrown)
  const answer = call(context, said)
  if (answer.error) return refused(answer.error)
  if (answer.text === '')
    return failure('skill_failed', 'its promise is never settled: a pure skill can wait for nothing')
  if (Buffer.byteLength(answer.text) > limits.outputBytes)
    return failure('limit_output', `it answered more than ${limits.outputBytes} bytes`)
  return JSON.parse(answer.text) as Result
}

interface Flaw {
  name: string
  message: string
}

interface Evaluated {
  /** Empty for what is no string. */
  text: string
  error?: Flaw
}

const evaluate = (context: QuickJSContext, code: string): Evaluated => textIn(context, context.evalCode(code))

const call = (context: QuickJSContext, kept: QuickJSHandle, ...given: QuickJSHandle[]): Evaluated =>
  textIn(context, context.callFunction(kept, context.undefined, given))

function textIn(context: QuickJSContext, evaluated: ReturnType<QuickJSContext['evalCode']>): Evaluated {
  if (evaluated.error) return { text: '', error: flawOf(context, evaluated.error) }
  using value = evaluated.value
  return { text: context.typeof(value) === 'string' ? context.getString(value) : '' }
}

function flawOf(context: QuickJSContext, error: Parameters<QuickJSContext['dump']>[0]): Flaw {
  using thrown = error
  const dumped: unknown = context.dump(thrown)
  if (typeof dumped !== 'object' || dumped === null) return { name: 'Error', message: String(dumped) }
  const { name, message } = dumped as { name?: unknown; message?: unknown }
  return { name: String(name), message: String(message) }
}

const refused = ({ name, message }: Flaw): Result =>
  failure('skill_failed', name === 'InternalError' ? message : `${name}: ${message}`)

/** The code can catch what the engine tells of a limit, or tell it itself; what is sure is that its time was up. */
function named(result: Result, isLate: boolean, { cpuMs, memoryBytes }: EngineLimits): Result {
  if (isLate) return failure('limit_cpu', `it used more than ${cpuMs} ms of processor time`)
  const isFull = !result.ok && result.error.message === 'out of memory'
  return isFull ? failure('limit_memory', `it used more than ${memoryBytes} bytes of memory`) : result
}

const pagesOf = (bytes: number): number => Math.min(65_536, PAGES + Math.ceil(bytes / PAGE))

function binary(): ArrayBuffer {
  const require = createRequire(import.meta.url)
  const file = readFileSync(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'))
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer
}
