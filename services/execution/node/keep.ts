import { openAsBlob } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { AzoraError } from '@azora/base'
import type { Printed } from './output.ts'

/** Puts an artifact where people find it; resolves when it is durable there. */
export type KeepArtifact = (runId: string, printed: Printed) => Promise<void>

const ATTEMPTS = 3
const RETRY_MS = 250
const UPLOAD_MS_MAX = 120_000

/**
 * Keeps artifacts by sending them to the control plane.
 *
 * @param url where the node dials, `ws(s)://host/…`: the same server takes them
 */
export function keepAtControlPlane(url: string, token: string): KeepArtifact {
  const base = new URL('/api/v1/runs/', url.replace(/^ws/, 'http'))
  return async (runId, { artifact: { digest }, file }) => {
    const target = new URL(`${runId}/artifacts/${digest}`, base)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
    for (let attempt = 1; ; attempt += 1) {
      const body = await openAsBlob(file)
      const signal = AbortSignal.timeout(UPLOAD_MS_MAX)
      const answer = await fetch(target, { method: 'PUT', headers, body, signal, redirect: 'error' }).catch(
        (thrown: Error) => thrown,
      )
      if (!(answer instanceof Error) && answer.ok) return
      const why = answer instanceof Error ? answer.message : `it answers ${answer.status}`
      const passing = answer instanceof Error || answer.status >= 500
      if (!passing || attempt === ATTEMPTS) throw new AzoraError('retry', 'artifact_not_kept', why)
      await wait(RETRY_MS * 2 ** attempt)
    }
  }
}
