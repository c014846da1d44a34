import { access, constants } from 'node:fs/promises'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { type ExecResult, exec } from './exec.ts'
import { isRecord, readJsonObject } from './read-text.ts'

const TAIL_BYTES = 4096
const KEPT_BYTES = 1_048_576
/** Well below what an action may print. */
const SHOWN_BYTES = 262_144

export const CommandState = z.enum(['passed', 'failed', 'timed_out', 'not_runnable'])

export interface CommandReport {
  command: string
  exitCode: number
  state: z.infer<typeof CommandState>
  /** Why it could not be run. */
  reason?: string
  durationMs: number
  /** The end of what it printed, at most 4096 bytes. */
  tail: string
  /** All that was kept of what it printed. */
  output: string
}

/** Signs that a tool or a dependency is missing, rather than that the project is at fault. */
const MISSING: ReadonlyArray<readonly [RegExp, (name: string) => string]> = [
  [/(?:^|: )([\w@./-]+): (?:command )?not found$/m, (name) => `${name} is not installed`],
  [/command not found: ([\w@./-]+)/, (name) => `${name} is not installed`],
  [
    /Cannot find (?:module|package) '((?!\.|\/|file:|node:)[^']+)'/,
    (name) => `the dependency ${name} is not installed`,
  ],
  [/ModuleNotFoundError: No module named '?([\w.]+)/, (name) => `the Python module ${name} is not installed`],
  [/: No module named ([\w.]+)$/m, (name) => `the Python module ${name} is not installed`],
  [/no required module provides package (\S+?);?$/m, (name) => `the Go package ${name} is not installed`],
  [/failed to (?:download|load source for dependency) `([^`]+)`/, (name) => `the crate ${name} is not installed`],
  [/no matching package named `([^`]+)` found/, (name) => `the crate ${name} is not installed`],
  [
    /(?:getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|Could not resolve host:) ([\w.-]+)/,
    (name) => `it needs the network (${name})`,
  ],
]

/** Runners end with an error when there is nothing to run. */
const NO_TESTS = /^(?:No test files found|No tests found|no tests ran|NO TESTS RAN)\b/m

/** Why a command that failed could not even start its work; undefined when it did. */
function missingPart({ exitCode, output }: Pick<ExecResult, 'exitCode' | 'output'>): string | undefined {
  if (exitCode === 0) return undefined
  for (const [pattern, say] of MISSING) {
    const name = pattern.exec(output)?.[1]
    if (name !== undefined) return say(name.slice(0, 200))
  }
  if (NO_TESTS.test(output)) return 'it finds no tests'
  return exitCode === 127 || exitCode === 126 ? 'a tool that it needs is not installed' : undefined
}

async function onPath(program: string, searchPath: string): Promise<boolean> {
  for (const folder of searchPath.split(path.delimiter)) {
    const found = await access(path.join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return true
  }
  return false
}

/** `npm test` and `npm run x` mean scripts of package.json, which can be run where npm itself is not installed. */
async function withoutNpm(directory: string, command: string, searchPath: string): Promise<string> {
  const name = /^npm (?:run )?([\w:.-]+)$/.exec(command)?.[1]
  if (name === undefined || (await onPath('npm', searchPath))) return command
  const scripts = (await readJsonObject(path.join(directory, 'package.json')))?.scripts
  if (!isRecord(scripts)) return command
  const lines = [`pre${name}`, name, `post${name}`]
    .map((key) => scripts[key])
    .filter((line) => typeof line === 'string')
  return lines.length === 0 ? command : lines.map((line) => `{ ${line}\n}`).join(' && ')
}

function environment(directory: string): Record<string, string> {
  const searchPath = [
    path.join(directory, 'node_modules/.bin'),
    path.dirname(process.execPath),
    process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
  ].join(path.delimiter)
  return {
    PATH: searchPath,
    CI: '1',
    NO_COLOR: '1',
    HOME: '/tmp',
    PYTHONPATH: [path.join(directory, 'src'), directory].join(path.delimiter),
    PYTHONDONTWRITEBYTECODE: '1',
    npm_config_update_notifier: 'false',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
  }
}

/** Runs a shell command of a project. That it fails is a result, not an error; its whole process group ends with it. */
export async function runCommand(directory: string, command: string, timeoutMs: number): Promise<CommandReport> {
  const env = environment(directory)
  const line = await withoutNpm(directory, command, env.PATH ?? '')
  const result = await exec('/bin/sh', ['-c', line], {
    cwd: directory,
    env,
    timeoutMs,
    keepBytes: KEPT_BYTES,
    showBytes: SHOWN_BYTES,
  })
  const output = stripVTControlCharacters(result.output)
  const bytes = Buffer.from(output)
  const reason = result.timedOut ? undefined : missingPart({ exitCode: result.exitCode, output })
  return {
    command,
    exitCode: result.exitCode,
    state: result.timedOut
      ? 'timed_out'
      : reason !== undefined
        ? 'not_runnable'
        : result.exitCode === 0
          ? 'passed'
          : 'failed',
    ...(reason === undefined ? {} : { reason }),
    durationMs: result.durationMs,
    tail: bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)).toString('utf8'),
    output,
  }
}
