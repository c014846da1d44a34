import { type Command, Option } from 'commander'
import type { z } from 'zod'
import { usageError } from './exit.ts'
import { countOf } from './inputs.ts'
import type { Style } from './output/style.ts'
import { pastOf } from './times.ts'

/** Options of a list that comes in pages. */
export interface PageOptions {
  since?: string
  until?: string
  order: 'newest' | 'oldest'
  limit: string
  cursor?: string
}

/** Adds `--since`, `--until`, `--order`, `--limit` and `--cursor`. */
export const withPageOptions = (
  command: Command,
  { things, done, by }: { things: string; done: string; by: string },
): Command =>
  command
    .option(
      '--since <time>',
      `only ${things} ${done} then or later: 2030-01-31, 2030-01-31T12:00:00Z, or 7d for a week ago`,
    )
    .option('--until <time>', `only ${things} ${done} before then`)
    .addOption(new Option('--order <order>', by).choices(['newest', 'oldest']).default('newest'))
    .option('--limit <n>', `${things} to show, up to 200`, '50')
    .option('--cursor <cursor>', 'go on where the last page ended')

/** @param Cursor what a page of this list names */
export const pageQuery = ({ since, until, order, limit, cursor }: PageOptions, Cursor: z.ZodType, nowMs: number) => ({
  limit: countOf(limit, '--limit', 200, 1),
  ...(order === 'newest' ? {} : { order }),
  ...(since === undefined ? {} : { since: pastOf(since, '--since', nowMs) }),
  ...(until === undefined ? {} : { until: pastOf(until, '--until', nowMs) }),
  ...(cursor === undefined ? {} : { cursor: cursorOf(cursor, Cursor) }),
})

function cursorOf(given: string, Cursor: z.ZodType): string {
  if (Cursor.safeParse(given).success) return given
  throw usageError(`--cursor ${given} is of no page`, 'The last line of a page says how to go on.')
}

/** A page with how to get the next one. */
export const withNext = (style: Style, text: string, next: string | undefined, gap = '\n'): string =>
  next === undefined ? text : `${text}${gap}${style.quiet(`more: --cursor ${next}`)}`
