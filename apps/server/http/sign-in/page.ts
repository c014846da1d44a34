import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const HTML = readFileSync(new URL('./page.html', import.meta.url), 'utf8')

const between = (tag: string): string => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(HTML)?.[1] ?? ''
const digestOf = (tag: string): string => `'sha256-${hash('sha256', between(tag), 'base64')}'`

/** The page where people sign in and out: it runs what it brings, and speaks to this server alone. */
export const SIGN_IN_PAGE = {
  html: HTML,
  headers: {
    'content-security-policy': [
      "default-src 'none'",
      `script-src ${digestOf('script')}`,
      `style-src ${digestOf('style')}`,
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  },
}
