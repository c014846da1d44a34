import { request } from 'node:http'
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'

/** Asks the proxy of the environment for a URL. */
export default defineSkill({
  skillId: 'test.fetch',
  version: '0.1.0-beta.1',
  title: 'Fetch',
  description: 'Fetches a URL through the proxy.',
  input: z.strictObject({ url: z.url() }),
  output: z.strictObject({ status: z.int(), body: z.string() }),
  effects: ['read'],
  idempotent: true,
  workspace: 'none',
  resources: { urls: ['/url'] },
  run: ({ url }) =>
    new Promise((resolve, reject) => {
      const proxy = new URL(process.env.HTTP_PROXY ?? 'http://127.0.0.1:9')
      const call = request({ host: proxy.hostname, port: proxy.port, path: url }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
      })
      call.on('error', reject).end()
    }),
})
