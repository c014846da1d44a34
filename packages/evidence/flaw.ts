/** Why something doesn't hold, in words; undefined when it does. */
export type Flaw = string | undefined

/** Names of checks, stable for programs. */
export type CheckId =
  | 'form'
  | 'signatures'
  | 'journal_key'
  | 'checkpoint'
  | 'witnesses'
  | 'statements'
  | 'inclusion'
  | 'order'
  | 'lifecycle'
  | 'payloads'
  | 'permissions'
  | 'constitution'
  | 'reviews'
  | 'code'
  | 'outputs'
  | 'taken_over'

/** One thing that was looked at. */
export interface Check {
  id: CheckId
  /** What has to hold. */
  what: string
  ok: boolean
  /** What is wrong. */
  flaw?: string
}

const FLAWS_SHOWN = 3

/** @param flaws what is wrong; nothing when it holds */
export function checkOf(id: CheckId, what: string, flaws: readonly Flaw[]): Check {
  const found = flaws.filter((flaw) => flaw !== undefined)
  if (found.length === 0) return { id, what, ok: true }
  const more = found.length > FLAWS_SHOWN ? `; and ${found.length - FLAWS_SHOWN} more` : ''
  return { id, what, ok: false, flaw: `${found.slice(0, FLAWS_SHOWN).join('; ')}${more}` }
}
