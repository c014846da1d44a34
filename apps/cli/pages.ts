import { type Command, Option } from 'commander'
import { countOf, timeOf } from './inputs.ts'
import type { Style } from './output/style.ts'

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
    .option('--since <time>', `only ${things} ${done} at this time in UTC or later, such as 2030-01-31T12:00:00Z`)
    .option('--until <time>', `only ${things} ${done} before this time`)
    .addOption(new Option('--order <order>', by).choices(['newest', 'oldest']).default('newest'))
    .option('--limit <n>', `${things} to show, up to 200`, '50')
    .option('--cursor <cursor>', 'go on where the last page ended')

export const pageQuery = ({ since, until, order, limit, cursor }: PageOptions) => ({
  limit: countOf(limit, '--limit', 200),
  ...(order === 'newest' ? {} : { order }),
  ...(since === undefined ? {} : { since: timeOf(since, '--since') }),
  ...(until === undefined ? {} : { until: timeOf(until, '--until') }),
  ...(cursor === undefined ? {} : { cursor }),
})

/** A page with how to get the next one. */
export const withNext = (style: Style, text: string, next: string | undefined, gap = '\n'): string =>
  next === undefined ? text : `${text}${gap}${style.quiet(`more: --cursor ${next}`)}`
