import http from 'node:http'
import https from 'node:https'
import { TRANSFER_PACE } from '@azora/contracts'

/** What a node shows where its server asks for a certificate, in PEM. */
export interface ClientCertificate {
  cert: string
  key: string
}

/** How often an artifact is tried to be brought or fetched. */
export const ATTEMPTS = 3
const RETRY_MS = 250

/** A connection over which nothing goes or comes for so long is given up; the server may be storing what it has got. */
const IDLE_MS_MAX = 5 * TRANSFER_PACE.withinMs

/** Milliseconds to wait before what follows on attempt 1, 2… */
export const pauseMs = (attempt: number): number => RETRY_MS * 2 ** attempt

/** @param url where the node dials, `ws(s)://host/…`: the same server has the artifacts of runs */
export const runsAt = (url: string): URL => new URL('/api/v1/runs/', url.replace(/^ws/, 'http'))

export function requestTo(target: URL, options: https.RequestOptions): http.ClientRequest {
  const request = target.protocol === 'https:' ? https.request(target, options) : http.request(target, options)
  return request.setTimeout(IDLE_MS_MAX, () => request.destroy(new Error('the server does nothing any more')))
}
