import { type AzoraError, toAzoraError } from '@azora/base'
import { type Options, parseOptions } from './options.ts'

const EXIT_FENCED = 75

/** Resolves at the first SIGINT or SIGTERM, or, when somebody manages us, at the end of standard input. */
function untilAskedToStop({ managed }: Options): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())
  if (managed)
    process.stdin
      .resume()
      .once('close', () => controller.abort())
      .once('end', () => controller.abort())
  return controller.signal
}

/** Each role loads its own code alone, which halves the start of a node. */
async function perform(options: Options, signal: AbortSignal): Promise<void> {
  const { runExecutionNode } = await import('./roles/execution-node.ts')
  await runExecutionNode(options, signal)
}

async function serve(options: Options, signal: AbortSignal): Promise<void> {
  const startedMs = performance.now()
  const { startControlPlane } = await import('./roles/control-plane.ts')
  const running = await startControlPlane(options, (why) => {
    tell(why)
    process.exit(EXIT_FENCED)
  })
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  process.stdout.write(
    [
      `Azora is ready at ${running.url} (${seconds} s)`,
      ...(running.grpc === undefined ? [] : [`  grpc   ${running.grpc}`]),
      `  data   ${running.dataDir.path}`,
      `  token  ${running.dataDir.ownerTokenFile}`,
      'Try ./azora demo in another terminal; Ctrl-C stops Azora.',
      '',
    ].join('\n'),
  )
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  await running.stop()
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env)
  const signal = untilAskedToStop(options)
  await (options.role === 'node' ? perform(options, signal) : serve(options, signal))
}

function tell({ message, remedy }: AzoraError): void {
  process.stderr.write(`azora: ${message}\n${remedy ? `${remedy}\n` : ''}`)
}

/** The codes of the command line (`azora --help`). */
function exitCodeOf({ code, advice }: AzoraError): number {
  if (code === 'usage') return 2
  if (advice === 'conflict') return 6
  return advice === 'bug' ? 70 : 1
}

try {
  await main()
  process.exit(0)
} catch (thrown) {
  const error = toAzoraError(thrown)
  tell(error)
  if (error.advice === 'bug')
    process.stderr.write(`${error.cause instanceof Error ? error.cause.stack : error.stack}\n`)
  process.exit(exitCodeOf(error))
}
