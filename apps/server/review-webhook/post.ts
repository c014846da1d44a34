import { lookup as lookupHost } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPrivateAddress } from '@azora/base'
import type { Message } from './message.ts'

const ANSWER_MS_MAX = 10_000

/**
 * Posts a message; redirects are not followed. Rejects when it isn't answered with a 2xx status.
 *
 * @param allowPrivate unless it is true, no private address is connected to, whatever the name resolves to at that moment
 */
export function post(url: URL, { body, headers }: Message, allowPrivate: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (!allowPrivate && isIP(host) !== 0 && isPrivateAddress(host)) return reject(refused(host))
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    const request = send(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      lookup: allowPrivate ? undefined : lookupPublic,
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    })
    request.on('error', reject)
    request.on('response', (response) => {
      // Nobody reads the answer, however long it is.
      response.destroy()
      const status = response.statusCode ?? 0
      if (status >= 200 && status < 300) resolve()
      else reject(new RangeError(`it was answered with ${status}`))
    })
    request.end(body)
  })
}

/** Resolves names to public addresses only, so that a name can't lead to the inside later. */
const lookupPublic: LookupFunction = (host, options, callback) => {
  lookupHost(host, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, '')
    const inside = found.find(({ address }) => isPrivateAddress(address))
    const [first] = found
    if (inside || !first) return callback(refused(inside?.address ?? host), '')
    if (options.all) return callback(null, found)
    return callback(null, first.address, first.family)
  })
}

const refused = (address: string): Error =>
  new RangeError(`${address} is no public address; AZORA_REVIEW_WEBHOOK_ALLOW_PRIVATE=1 permits it`)
