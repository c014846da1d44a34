export interface Payload {
  pointer(): string
  what: string
  start: number
  end: number
  /** True where nothing of the kind belongs, as in a header that names the browser, and for what is hidden on purpose. */
  misplaced: boolean
}
