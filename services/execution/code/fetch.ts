import { AzoraError, type Log, toAzoraError } from '@azora/base'
import { TRANSFER_PACE } from '@azora/contracts'
import { inTime } from '../artifacts/in-time.ts'
import { type ClientCertificate, requestTo, runsAt } from '../node/control-plane.ts'
import type { CodeSource } from './find.ts'
import { PACK_BYTES_MAX } from './pack.ts'

/**
 * Kept code from the control plane, for an action that the node performs. What can't be fetched is missed: the node refuses
 * the action, which is then tried again.
 *
 * @param url where the node dials, `ws(s)://host/…`: the same server keeps the code
 */
export function fetchCodeFrom(
  url: string,
  token: string,
  certificate: ClientCertificate | undefined,
  log: Log,
): CodeSource {
  const base = runsAt(url)
  return async (digest, runId, signal) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(FETCH_MS_MAX)])
    const options = { headers: { authorization: `Bearer ${token}` }, signal: limit, ...certificate }
    try {
      return await get(new URL(`${runId}/code/${digest}`, base), options)
    } catch (thrown) {
      log.warn({ err: toAzoraError(thrown), digest, run: runId }, 'kept code could not be fetched')
      return undefined
    }
  }
}

const FETCH_MS_MAX = 6 * TRANSFER_PACE.withinMs

function get(target: URL, options: Parameters<typeof requestTo>[1]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const request = requestTo(target, options)
    request.once('error', reject)
    request.once('response', (response) => {
      if (response.statusCode === 200)
        collect(inTime(response))
          .finally(() => response.destroy())
          .then(resolve, reject)
      else if (response.statusCode === 404) resolve(undefined)
      else reject(notFetched(`the server answers ${response.statusCode}`))
      if (response.statusCode !== 200) response.resume()
    })
    request.end()
  })
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > PACK_BYTES_MAX) throw notFetched(`the server sends more than ${PACK_BYTES_MAX} bytes`)
    parts.push(chunk)
  }
  return Buffer.concat(parts).toString('utf8')
}

const notFetched = (why: string): AzoraError => new AzoraError('retry', 'code_not_fetched', why)
