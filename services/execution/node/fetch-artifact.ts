import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { AzoraError } from '@azora/base'
import { ARTIFACT_BYTES_MAX, transferMsMax } from '@azora/contracts'
import { checked } from '../artifacts/checked.ts'
import { inTime } from '../artifacts/in-time.ts'
import { ATTEMPTS, type ClientCertificate, pauseMs, requestTo, runsAt } from './control-plane.ts'

/**
 * Writes an artifact that the input of an action names to a new file, whole and checked. Answers false when there is none.
 * Throws `artifact_not_fetched`.
 */
export type FetchArtifact = (runId: string, digest: string, file: string, signal: AbortSignal) => Promise<boolean>

const DOWNLOAD_MS_MAX = transferMsMax(ARTIFACT_BYTES_MAX)

/** @param url where the node dials, `ws(s)://host/…`: the same server has them */
export function fetchFromControlPlane(url: string, token: string, certificate?: ClientCertificate): FetchArtifact {
  const base = runsAt(url)
  return async (runId, digest, file, signal) => {
    const target = new URL(`${runId}/inputs/${digest}`, base)
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await get(target, { token, certificate, digest, file, signal })
      } catch (thrown) {
        await rm(file, { force: true })
        if (signal.aborted || attempt === ATTEMPTS)
          throw new AzoraError('retry', 'artifact_not_fetched', `artifact ${digest} could not be fetched`, {
            cause: thrown,
          })
        await wait(pauseMs(attempt))
      }
    }
  }
}

interface Wanted {
  token: string
  certificate: ClientCertificate | undefined
  digest: string
  file: string
  signal: AbortSignal
}

async function get(target: URL, { token, certificate, digest, file, signal }: Wanted): Promise<boolean> {
  const options = {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_MS_MAX)]),
    ...certificate,
  }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = requestTo(target, options)
    request.once('error', reject)
    request.once('response', resolve)
    request.end()
  })
  if (response.statusCode !== 200) {
    response.resume()
    if (response.statusCode === 404) return false
    throw new AzoraError('retry', 'artifact_not_fetched', `the server answers ${response.statusCode}`)
  }
  const bytes = Number(response.headers['content-length'])
  try {
    await pipeline(inTime(response), checked(digest, bytes), createWriteStream(file, { mode: 0o400, flags: 'wx' }))
  } finally {
    response.destroy()
  }
  return true
}
