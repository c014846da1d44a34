import { hash } from 'node:crypto'

/**
 * Headers of a page that loads nothing but what they name (CSP level 3), and that nobody can put into theirs.
 *
 * @param sources directives for what it needs, such as `connect-src 'self'`
 */
export const pageHeaders = (...sources: string[]) => ({
  'content-security-policy': [
    "default-src 'none'",
    ...sources,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
})

/** An inline script or style that may run (CSP level 3, section 2.3.1), by what it holds. */
export const sourceHash = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`
