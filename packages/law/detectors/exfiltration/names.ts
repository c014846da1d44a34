import { isPrintable, readEncoded } from './encodings.ts'

const LONGEST_PLAIN = 50
const LONGEST_TOTAL = 100
const ENCODED_LABEL = /^[a-z0-9_-]{16,63}$/i
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56})$/i

/** True when the labels of a host are data rather than names, as tunnels through DNS write them. */
export function carriesData(host: string): boolean {
  if (host.length < 24 || /^[\d.]+$|:/.test(host)) return false
  const labels = host
    .split('.')
    .slice(0, -2)
    .filter((label) => !label.startsWith('xn--'))
  const encoded = labels.filter((label) => ENCODED_LABEL.test(label) && !UUID.test(label))
  if (encoded.length === 0) return false
  const whole = encoded.join('')
  const decoded = readEncoded(whole)
  if (decoded !== undefined && isPrintable(decoded)) return true
  const mixed = encoded.filter((label) => !HASH.test(label) && isMixed(label))
  return mixed.some((label) => label.length >= LONGEST_PLAIN) || mixed.join('').length >= LONGEST_TOTAL
}

/** Letters and digits in turn, as words never have them. */
const isMixed = (label: string): boolean =>
  (label.match(/\d/g)?.length ?? 0) >= label.length / 8 && /[a-z]/i.test(label)
