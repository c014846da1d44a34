import { printable } from './style.ts'

/** Who asked for a run to be cancelled, when that is known, and why. */
export const cancelText = ({ by, at, reason }: { by: string; at?: string; reason?: string | undefined }): string =>
  `asked for by ${by}${at === undefined ? '' : ` at ${at}`}${reason === undefined ? '' : `: ${printable(reason)}`}`
