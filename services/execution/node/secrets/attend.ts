import { digestOf } from '@azora/proof'
import type { OutputStream } from '../output.ts'
import type { Redactor } from '../redaction/redactor.ts'
import { type Conclusion, failure } from '../result.ts'
import type { HeldSecrets } from './held.ts'

/** Hides values in what is printed, stream by stream, before anybody hears of it. */
export function redactStreams(
  redactor: Redactor,
  print: (stream: OutputStream, chunk: Buffer) => void,
): { print: (stream: OutputStream, chunk: Buffer) => void; end(): void } {
  const scanners = { stdout: redactor.scanner(), stderr: redactor.scanner() }
  return {
    print(stream, chunk) {
      const told = scanners[stream].push(chunk)
      if (told.length > 0) print(stream, told)
    },
    end() {
      for (const stream of ['stdout', 'stderr'] as const) {
        const told = scanners[stream].end()
        if (told.length > 0) print(stream, told)
      }
    },
  }
}

/** Performs an action; the end of a lease whose value the sandbox was shown ends it. */
export async function whileLeased(
  secrets: HeldSecrets | undefined,
  signal: AbortSignal,
  perform: (signal: AbortSignal) => Promise<Conclusion>,
): Promise<Conclusion> {
  if (!secrets) return perform(signal)
  const ended = new AbortController()
  secrets.onExposedEnd(() => ended.abort())
  const conclusion = await perform(AbortSignal.any([signal, ended.signal]))
  if (!ended.signal.aborted || signal.aborted || 'output' in conclusion) return conclusion
  return { ...conclusion, ...failure('lease_ended', 'the lease of a secret in its environment ended') }
}

/** What leaves the node is looked through once more, as a whole. */
export function withoutSecrets(conclusion: Conclusion, redactor: Redactor): Conclusion {
  if ('output' in conclusion) {
    const output = redactor.json(conclusion.output)
    return { ...conclusion, output, outputDigest: digestOf(output) }
  }
  const { code, message } = conclusion.error
  return { ...conclusion, ...failure(redactor.text(code), redactor.text(message)) }
}
