import { Transform } from 'node:stream'
import type { Json } from '@azora/contracts'
import { formsOf } from './forms.ts'
import { createScanners, type Scanner } from './scanner.ts'

/** Hides values, in plain and in the usual encodings, wherever they would leave. */
export interface Redactor {
  text(text: string): string
  /** Texts, names of members, and numbers that read like a value. */
  json(value: Json): Json
  scanner(): Scanner
  stream(): Transform
  /** How often the value of a secret was hidden. */
  count(name: string): number
}

const markerOf = (name: string): string => `[secret ${name}]`

export function createRedactor(secrets: ReadonlyArray<{ name: string; value: string }>): Redactor {
  const counts = new Map<string, number>()
  const patterns = secrets.flatMap(({ name, value }) => {
    const about = {
      marker: Buffer.from(markerOf(name)),
      onHit: () => void counts.set(name, (counts.get(name) ?? 0) + 1),
    }
    return formsOf(value).map((bytes) => ({ bytes, ...about }))
  })
  const scanner = createScanners(patterns)
  const text = (given: string): string => {
    const scan = scanner()
    const redacted = Buffer.concat([scan.push(Buffer.from(given)), scan.end()])
    return scan.hits() === 0 ? given : redacted.toString('utf8')
  }
  const json = (value: Json): Json => {
    if (typeof value === 'string') return text(value)
    if (typeof value === 'number') return text(String(value)) === String(value) ? value : text(String(value))
    if (Array.isArray(value)) return value.map(json)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [text(key), json(member)]))
  }
  return {
    text,
    json,
    scanner,
    stream() {
      const scan = scanner()
      return new Transform({
        transform(chunk: Buffer, _encoding, done) {
          done(null, scan.push(chunk))
        },
        flush(done) {
          done(null, scan.end())
        },
      })
    },
    count: (name) => counts.get(name) ?? 0,
  }
}
