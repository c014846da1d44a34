import { Agent, request } from 'node:http'
import type { FuzzRequest } from './request.ts'

export interface FuzzAnswer {
  status: number
  type: string | undefined
  body: Buffer
  /** False for a stream that went on for longer than anybody listened. */
  isWhole: boolean
}

const BYTES_MAX = 4 * 1024 * 1024
const LISTEN_MS = 500
const LIMIT_MS = 60_000

/** Sends exactly what is given, over a few connections that are used again. */
export function createSender(
  base: string,
  connections: number,
): { send(drawn: FuzzRequest): Promise<FuzzAnswer>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port } = new URL(base)
  return {
    close: () => agent.destroy(),
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const sent = request(
          {
            agent,
            hostname,
            port,
            method,
            path,
            headers: { ...headers, 'content-length': body?.length ?? 0 },
            timeout: LIMIT_MS,
          },
          (response) => {
            const chunks: Buffer[] = []
            let length = 0
            const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true
            const finish = (isWhole: boolean): void => {
              clearTimeout(timer)
              resolve({
                status: response.statusCode ?? 0,
                type: response.headers['content-type'],
                body: Buffer.concat(chunks),
                isWhole,
              })
            }
            const timer = isStream ? setTimeout(stop, LISTEN_MS) : undefined
            function stop(): void {
              finish(false)
              sent.destroy()
            }
            response.on('data', (chunk: Buffer) => {
              chunks.push(chunk)
              length += chunk.length
              if (length > BYTES_MAX) stop()
            })
            response.on('end', () => finish(true))
            response.on('error', () => finish(false))
          },
        )
        sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
        sent.on('error', reject)
        sent.end(body)
      }),
  }
}
