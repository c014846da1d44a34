import type { DivergenceKind, Json, Unreplayed } from '@azora/contracts'

interface About {
  kind: DivergenceKind
  step?: string
  turn?: number
  /** What is the matter when the two sides differ. */
  message: string
}

/** A recorded decision beside the one that is made now. They are the same when their JSON is. */
export interface Compared extends About {
  recorded: Json
  now: Json
  /** It depends on nothing but its own entry, so that what was erased before can't matter. */
  alone?: boolean
}

/** A recorded decision that can't be made again. */
export interface NotCompared extends Omit<About, 'message'> {
  unreplayed: Unreplayed['code']
  message: string
}

export type Check = Compared | NotCompared

/** As JSON carries it: without `undefined`. */
const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value) ?? 'null')

/** @param recorded any value that JSON can carry */
export const compared = (about: About & { alone?: boolean }, recorded: unknown, now: unknown): Compared => ({
  ...about,
  recorded: plain(recorded),
  now: plain(now),
})

export const notCompared = (
  about: Omit<About, 'message'>,
  unreplayed: Unreplayed['code'],
  message: string,
): NotCompared => ({ ...about, unreplayed, message })

/** In place of a decision that the law makes, when there is none to make it. */
export const lawNotKept = (about: Omit<About, 'message'>, digest: string): NotCompared =>
  notCompared(about, 'law_not_kept', `the constitution ${digest} that judged is not kept here, or is no law any more`)
