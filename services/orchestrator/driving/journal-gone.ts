import type { AzoraError } from '@azora/base'

const CODES = new Set(['journal_fenced', 'journal_diverged', 'journal_closed'])

/** True when this process will never append again: another server writes the journal, or it is closed. */
export const isJournalGone = ({ code }: AzoraError): boolean => CODES.has(code)
