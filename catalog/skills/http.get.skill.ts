import { defineSkill, SkillError, type SkillSecret } from '@azora/sdk'
import { EnvHttpProxyAgent, request } from 'undici'
import { z } from 'zod'

const MAX_BYTES = 1_048_576
const TIMEOUT_MS = 30_000
/** Headers that say what the body is; others may carry what nobody asked for. */
const KEPT_HEADERS = ['content-type', 'content-length', 'etag', 'last-modified', 'location']

const HttpUrl = z
  .string()
  .max(2048)
  .regex(/^https?:\/\//, 'must be an http or https URL')
  .refine((value) => URL.canParse(value) && new URL(value).username === '' && new URL(value).password === '', {
    message: 'must be a valid URL that carries no user name or password',
  })

async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number) {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body) {
    parts.push(part)
    length += part.length
    if (length > maxBytes) break
  }
  return { data: Buffer.concat(parts).subarray(0, maxBytes), truncated: length > maxBytes }
}

const textOf = (data: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data, { stream: true })
  } catch {
    return undefined
  }
}

/** Puts what stands for a secret where the secret belongs; the node puts in the secret itself. */
function withSecret(url: string, secret: SkillSecret | undefined): { url: string; headers: Record<string, string> } {
  if (!secret || secret.place.in === 'body') return { url, headers: {} }
  if (secret.place.in !== 'query') return { url, headers: { [secret.place.name]: secret.place.value } }
  const { href } = new URL(url)
  const [path = href] = href.split('#')
  const parameter = `${encodeURIComponent(secret.place.name)}=${secret.value}`
  return { url: `${path}${path.includes('?') ? '&' : '?'}${parameter}`, headers: {} }
}

export default defineSkill({
  skillId: 'http.get',
  version: '1.2.0',
  title: 'Get a URL',
  description:
    'Gets one URL of a host that the run was granted, with a secret for that host if one is named. A redirect is reported, not followed.',
  input: z.strictObject({
    url: HttpUrl,
    maxBytes: z.int().min(1).max(MAX_BYTES).default(262_144),
    /** Name of a secret, such as GITHUB_TOKEN. */
    secret: z.string().max(100).optional(),
  }),
  output: z.strictObject({
    status: z.int(),
    headers: z.record(z.string(), z.string()),
    encoding: z.enum(['utf8', 'base64']),
    body: z.string(),
    truncated: z.boolean(),
  }),
  effects: ['read'],
  idempotent: true,
  workspace: 'none',
  resources: { urls: ['/url'] },
  formats: { '/url': 'url' },
  secrets: { secret: { name: '/secret', places: ['header', 'basic', 'query'] } },
  limits: { wallMs: 60_000, outputBytes: 4_194_304 },
  run: async ({ url, maxBytes }, { secrets }) => {
    const dispatcher = new EnvHttpProxyAgent()
    const asked = withSecret(url, secrets?.secret)
    try {
      const response = await request(asked.url, {
        dispatcher,
        headers: asked.headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const { data, truncated } = await readBody(response.body, maxBytes)
      const text = textOf(data)
      const headers = KEPT_HEADERS.flatMap((name) => {
        const value = response.headers[name]
        return typeof value === 'string' ? [[name, value.slice(0, 2048)] as const] : []
      })
      return {
        status: response.statusCode,
        headers: Object.fromEntries(headers),
        ...(text === undefined
          ? { encoding: 'base64' as const, body: data.toString('base64') }
          : { encoding: 'utf8' as const, body: text }),
        truncated,
      }
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException
      throw new SkillError('request_failed', `GET ${url}: ${message || code || 'no answer'}`)
    } finally {
      await dispatcher.destroy()
    }
  },
})
