import { padded, type Style, widthOf } from './style.ts'

/** Columns that line up below a heading. */
export function table(style: Style, heading: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => widthOf(row[column] ?? ''))),
  )
  return [heading.map(style.quiet), ...rows]
    .map((row) =>
      row
        .map((cell, column) => padded(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Names and values, one to a line; absent values are left out. */
export function facts(style: Style, pairs: ReadonlyArray<readonly [string, string | number | undefined]>): string {
  const given = pairs.filter(([, value]) => value !== undefined && value !== '')
  const width = Math.max(0, ...given.map(([name]) => name.length))
  return given.map(([name, value]) => `${style.quiet(padded(name, width))}  ${value}`).join('\n')
}

/** A duration for people: `840ms`, `1.2s`, `3m 05s`, `2h 10m`. */
export function duration(ms: number): string {
  const whole = Math.max(0, Math.round(ms))
  if (whole < 1000) return `${whole}ms`
  if (whole < 60_000) return `${(whole / 1000).toFixed(1)}s`
  const seconds = Math.floor(whole / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`
  return `${Math.floor(seconds / 3600)}h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')}m`
}

/** A time in UTC to the second: `2026-01-31 12:00:00`. */
export const time = (at: string): string => at.slice(0, 19).replace('T', ' ')

/** Bytes in powers of 1024: `512 B`, `1.5 MiB`. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = count
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

export const plural = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : nouns}`

export const indent = (text: string, spaces: number): string => text.replace(/^(?=.)/gm, ' '.repeat(spaces))
