import { maskSecrets } from './secrets.ts'

const MAX_EVIDENCE = 500

/** Text that may be shown and kept: without secrets, at most 500 characters. */
export function presentable(text: string): string {
  const masked = maskSecrets(text)
  return masked.length <= MAX_EVIDENCE ? masked : `${masked.slice(0, MAX_EVIDENCE - 1)}…`
}

/** What a thrown value says; never throws itself. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error && typeof thrown.message === 'string'
    ? thrown.message
    : 'something that is no error was thrown'
