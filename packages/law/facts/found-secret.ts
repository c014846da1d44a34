export interface FoundSecret {
  /** Such as `GitHub token`. */
  kind: string
  /** Offsets in UTF-16 code units. */
  start: number
  end: number
}
