import { Agent, request } from 'node:http'

export interface Answer {
  status: number
  text: string
}

/** Posts JSON over connections that are kept. */
export type Post = (path: string, json: object) => Promise<Answer>

export function createPost(url: string, headers: Record<string, string>, socketsMax: number): Post {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: socketsMax })
  return (path, json) => {
    const body = JSON.stringify(json)
    const all = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers }
    return new Promise((resolve, reject) => {
      const asked = request({ hostname, port, path, method: 'POST', agent, headers: all }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }))
        response.once('error', reject)
      })
      asked.once('error', reject)
      asked.end(body)
    })
  }
}
