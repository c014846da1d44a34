import type { Token } from './tokens.ts'

/** Tokens of any dialect in the way PostgreSQL writes them: names and texts in its quotes, placeholders as `$1`. */
export const spell = (tokens: readonly Token[]): string => tokens.map(spelled).join(' ')

function spelled({ kind, value }: Token): string {
  if (kind === 'string') return `'${value.replaceAll("'", "''")}'`
  if (kind === 'name') return `"${value.replaceAll('"', '""')}"`
  if (kind === 'variable') return /^\$[1-9]\d{0,3}$/.test(value) ? value : '$1'
  return value
}
