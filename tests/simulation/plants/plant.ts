import type { ThemeName } from '../cast/theme.ts'

interface Edit {
  file: string
  /** Stands there exactly once. */
  find: string
  replace: string
}

/** A bug that somebody might make. */
export interface Plant {
  name: string
  /** In seeds of which it is looked for; in all when absent. */
  theme?: ThemeName
  /** Few seeds show it, so it takes a while: it is looked for where all are asked for. */
  isRare?: true
  edits: readonly Edit[]
}

export const edit = (file: string, find: string, replace: string): Edit => ({ file: `services/${file}`, find, replace })
