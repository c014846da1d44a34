import type { Target } from './targets.ts'

/** What goes along: nothing, something that was written into the arguments, or files and output of commands. */
export type Load = 'nothing' | 'text' | 'files'

/** A place beyond the machine that the arguments lead to. */
export interface Reach {
  readonly target: Target
  readonly load: Load
  /** Set for a place that things are published to, such as `a git remote`. */
  readonly foreign?: string
  /** A tunnel that lets others in, or a service that makes one. */
  readonly tunnel?: boolean
  /** True when people should tell whether it matters. */
  readonly mild?: boolean
  /** From 0 to 1: that it is reached at all. */
  readonly confidence: number
  readonly place: Place
}

export interface Place {
  pointer(): string
  readonly span?: { start: number; end: number }
}

export const heavier = (a: Load, b: Load): Load => (a === 'files' || b === 'nothing' ? a : b)
