import { AzoraError, type TokenRate } from '@azora/base'
import { RATE_LIMITS, type RateLimits } from './http/rate-limit.ts'

const MOST = 1_000_000

/**
 * How many requests callers and tenants may make: `RATE` or `RATE:BURST` in requests (a second), or `off`. What is not set is
 * as in {@link RATE_LIMITS}. Throws `usage`.
 */
export const rateLimits = (caller: string | undefined, tenant: string | undefined): RateLimits => ({
  caller: caller ? rateIn('--rate-limit', caller) : RATE_LIMITS.caller,
  tenant: tenant ? rateIn('--tenant-rate-limit', tenant) : RATE_LIMITS.tenant,
})

function rateIn(flag: string, text: string): TokenRate | undefined {
  if (text === 'off') return undefined
  const [, rate = '', most] = /^(\d{1,7})(?::(\d{1,7}))?$/.exec(text) ?? []
  const [perSecond, burst] = [Number(rate), Number(most ?? 2 * Number(rate))]
  if (perSecond >= 1 && perSecond <= MOST && burst >= 1 && burst <= MOST * 2) return { perSecond, burst }
  throw new AzoraError(
    'fix',
    'usage',
    `${flag} is requests a second from 1 to ${MOST}, such as 500 or 500:2000 with a burst, or off, not ${text}`,
    { remedy: 'See ./azora up --help.' },
  )
}
