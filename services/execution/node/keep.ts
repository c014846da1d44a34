import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { AzoraError } from '@azora/base'
import { transferMsMax } from '@azora/contracts'
import { ATTEMPTS, type ClientCertificate, pauseMs, requestTo, runsAt } from './control-plane.ts'
import type { Printed } from './output.ts'

/** Puts an artifact where people find it; resolves when it is durable there. */
export type KeepArtifact = (runId: string, printed: Printed) => Promise<void>

/**
 * Keeps artifacts by sending them to the control plane.
 *
 * @param url where the node dials, `ws(s)://host/…`: the same server takes them
 */
export function keepAtControlPlane(url: string, token: string, certificate?: ClientCertificate): KeepArtifact {
  const base = runsAt(url)
  return async (runId, { artifact: { digest }, file }) => {
    const target = new URL(`${runId}/artifacts/${digest}`, base)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
    for (let attempt = 1; ; attempt += 1) {
      const answer = await put(target, headers, file, certificate).catch((thrown: Error) => thrown)
      if (answer === 200 || answer === 201 || answer === 204) return
      const why = answer instanceof Error ? answer.message : `it answers ${answer}`
      const passing = answer instanceof Error || answer >= 500
      if (!passing || attempt === ATTEMPTS) throw new AzoraError('retry', 'artifact_not_kept', why)
      await wait(pauseMs(attempt))
    }
  }
}

/** Resolves with the status of the answer. */
async function put(
  target: URL,
  headers: Record<string, string>,
  file: string,
  certificate: ClientCertificate | undefined,
): Promise<number> {
  const { size } = await stat(file)
  const signal = AbortSignal.timeout(transferMsMax(size))
  const options = { method: 'PUT', headers: { ...headers, 'content-length': size }, signal, ...certificate }
  const request = requestTo(target, options)
  const answered = new Promise<number>((resolve, reject) => {
    request.once('error', reject)
    request.once('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
  })
  // An answer may come before all is sent, such as that nobody wants it.
  const [status] = await Promise.all([answered, pipeline(createReadStream(file), request).catch(() => answered)])
  return status
}
