import { readFileSync } from 'node:fs'
import { pageHeaders, sourceHash } from '../page-headers.ts'

const HTML = readFileSync(new URL('./page.html', import.meta.url), 'utf8')

const between = (tag: string): string => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(HTML)?.[1] ?? ''

/** The page where people sign in and out: it runs what it brings, and speaks to this server alone. */
export const SIGN_IN_PAGE = {
  html: HTML,
  headers: {
    ...pageHeaders(
      `script-src ${sourceHash(between('script'))}`,
      `style-src ${sourceHash(between('style'))}`,
      "connect-src 'self'",
    ),
    'cache-control': 'no-store',
  },
}
