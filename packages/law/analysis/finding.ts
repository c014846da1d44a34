/** Something about a law that is probably a mistake. */
export interface LawFinding {
  kind:
    | 'unreachable'
    | 'contradiction'
    | 'shadowed'
    | 'unknown_finding'
    | 'not_analysed'
    | 'no_case'
    | 'no_section'
    | 'no_article'
    | 'duplicate_title'
    | 'thresholds'
  severity: 'error' | 'warning'
  /** The policy that it is about; absent when it is about a document. */
  policy?: string
  /** Name of the file below the constitution's folder. */
  file: string
  /** One sentence for people. */
  message: string
}
