/** What is wrong with a log, at the first place where it shows. */
export interface Flaw {
  code: FlawCode
  /** Index of the entry; absent when the flaw is in no single one. */
  index?: number
  /** In words; begins with what is wrong. */
  what: string
}

export type FlawCode =
  | 'entry_missing' // there is another entry, or none, where one should be
  | 'header_malformed' // the header is not the canonical form of a header
  | 'header_altered' // the header is not the one of the stored leaf
  | 'payload_altered' // the payload is not the one that the header commits to
  | 'payload_missing' // the payload is gone and no entry says why
  | 'time_backwards'
  | 'run_broken' // a run doesn't follow the lifecycle, or lacks an entry
  | 'column_differs' // what the server keeps beside an entry is not what the entry says
  | 'node_differs' // a kept node of the tree is not what the entries make
  | 'root_differs' // the entries are not those of the checkpoint
  | 'log_truncated' // the log is shorter than a checkpoint that was kept
  | 'log_rewritten' // the log does not continue a checkpoint that was kept
  | 'keys_broken' // the keys don't lead from the trusted one to the signer
  | 'signature_invalid'

export const flawText = ({ index, what }: Flaw): string => (index === undefined ? what : `entry ${index}: ${what}`)
