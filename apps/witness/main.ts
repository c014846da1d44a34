import { toAzoraError } from '@azora/base'
import { type Options, parseOptions } from './options.ts'
import { runWitness } from './run.ts'
import { readStatus, statusText } from './status.ts'

/** As the command line has them (`azora --help`). */
const EXIT = { ok: 0, failed: 1, usage: 2, missing: 5, conflict: 6, unverified: 7, bug: 70 }

async function run(options: Options): Promise<number> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  const { url, key, stop } = await runWitness(options)
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ url, key })}\n`
      : [`The witness listens at ${url}`, `  key    ${key}`, `  state  ${options.state}`, ''].join('\n'),
  )
  await stopped
  await stop()
  return EXIT.ok
}

async function status({ state, json }: Options): Promise<number> {
  const found = await readStatus(state)
  process.stdout.write(`${json ? JSON.stringify(found) : statusText(found)}\n`)
  return found.well ? EXIT.ok : EXIT.unverified
}

try {
  const options = parseOptions(process.argv.slice(2))
  process.exitCode = await (options.task === 'status' ? status(options) : run(options))
} catch (thrown) {
  const { code, advice, message, remedy, stack } = toAzoraError(thrown)
  if (process.argv.includes('--json')) process.stderr.write(`${JSON.stringify({ error: { code, message, remedy } })}\n`)
  else process.stderr.write(`✗ ${message}\n${remedy ? `  ${remedy}\n` : ''}`)
  if (advice === 'bug') process.stderr.write(`${stack}\n`)
  const byAdvice: Partial<Record<typeof advice, number>> = {
    fix: EXIT.usage,
    missing: EXIT.missing,
    conflict: EXIT.conflict,
    bug: EXIT.bug,
  }
  process.exitCode = byAdvice[advice] ?? EXIT.failed
}
