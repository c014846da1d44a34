export interface Finding {
  name: string
  level: 'ok' | 'warn' | 'fail'
  /** What was found. */
  detail: string
  /** How to mend it. */
  mend?: string
}
