import type { Limits } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import type { Sandboxed } from '../../isolation/port.ts'
import { attend } from '../attend.ts'
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

/** Waits for the end of an action; the end of a lease whose value the sandbox was shown ends it. */
export async function attendSecretly(
  sandbox: Sandboxed,
  limits: Pick<Limits, 'wallMs' | 'outputBytes'>,
  signal: AbortSignal,
  onPrint: (stream: OutputStream, chunk: Buffer) => void,
  secrets: HeldSecrets | undefined,
): Promise<Conclusion> {
  if (!secrets) return attend(sandbox, limits, signal, onPrint)
  const ended = new AbortController()
  secrets.onExposedEnd(() => ended.abort())
  const conclusion = await attend(sandbox, limits, AbortSignal.any([signal, ended.signal]), onPrint)
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
