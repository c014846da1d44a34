import http from 'node:http'
import https from 'node:https'

/** What a node shows where its server asks for a certificate, in PEM. */
export interface ClientCertificate {
  cert: string
  key: string
}

/** How often an artifact is tried to be brought or fetched. */
export const ATTEMPTS = 3
const RETRY_MS = 250

/** Milliseconds to wait before what follows on attempt 1, 2… */
export const pauseMs = (attempt: number): number => RETRY_MS * 2 ** attempt

/** @param url where the node dials, `ws(s)://host/…`: the same server has the artifacts of runs */
export const runsAt = (url: string): URL => new URL('/api/v1/runs/', url.replace(/^ws/, 'http'))

export const requestTo = (target: URL, options: https.RequestOptions): http.ClientRequest =>
  target.protocol === 'https:' ? https.request(target, options) : http.request(target, options)
