import { createRandom } from '../engine/random.ts'

export type ThemeName =
  | 'actions'
  | 'haste'
  | 'waits'
  | 'children'
  | 'dependencies'
  | 'schedules'
  | 'forks'
  | 'upgrades'
  | 'later'
  | 'retries'
  | 'undoing'
  | 'moves'
  | 'outages'
  | 'everything'

/** What is played in one seed, beside what happens in each: how likely a step, or a run, is of some kind. */
export interface Theme {
  name: ThemeName
  /** Of a step to wait for a time or a signal. */
  waits: number
  /** Of a step to start a child. */
  children: number
  /** Of a run to start after others. */
  after: number
  /** How many schedules there are. */
  schedules: number
  /** Runs that are made of others. */
  forks: number
  /** People change their minds within moments. */
  haste: boolean
  /** Of a run to start at a time. */
  later: number
  /** Of an action to be attempted again when it fails, which it then does. */
  retries: number
  /** Of an action to be undone when its run does not succeed. */
  undoing: number
  /** Of a run to fail by its budget, some while their children go on. */
  tight: number
  /** People move runs to other versions of the agent. */
  moves: boolean
  /** Other versions of skills and agents are installed. */
  upgrades: boolean
  /** The database is away, and machines stand still, for longer than anybody waits. */
  outages: boolean
}

const NONE = { waits: 0, children: 0, after: 0, schedules: 0, forks: 0, later: 0, retries: 0, undoing: 0, tight: 0 }
const NOTHING = { ...NONE, haste: false, moves: false, upgrades: false, outages: false }
/** A little of each. */
const SOME = { waits: 0.2, children: 0.2, after: 0.3, schedules: 1, forks: 3, later: 0.2, retries: 0.2, undoing: 0.2 }

const THEMES: ReadonlyArray<Theme & { share: number }> = [
  { ...NOTHING, name: 'actions', share: 0.08 },
  { ...NOTHING, name: 'later', share: 0.04, later: 0.8 },
  { ...NOTHING, name: 'retries', share: 0.06, retries: 0.7 },
  { ...NOTHING, name: 'undoing', share: 0.06, undoing: 0.8, retries: 0.1 },
  { ...NOTHING, name: 'moves', share: 0.03, moves: true, waits: 0.2 },
  { ...NOTHING, name: 'outages', share: 0.03, outages: true, waits: 0.1, children: 0.1 },
  { ...NOTHING, name: 'haste', share: 0.1, haste: true },
  { ...NOTHING, name: 'waits', share: 0.14, waits: 0.75 },
  { ...NOTHING, name: 'children', share: 0.15, children: 0.4, waits: 0.25, tight: 0.2 },
  { ...NOTHING, name: 'dependencies', share: 0.12, after: 0.7 },
  { ...NOTHING, name: 'schedules', share: 0.06, schedules: 2 },
  { ...NOTHING, name: 'forks', share: 0.06, waits: 0.1, forks: 8 },
  { ...NOTHING, name: 'upgrades', share: 0.03, upgrades: true, moves: true, waits: 0.3, children: 0.1, forks: 8 },
  { ...NONE, name: 'everything', share: 0.02, ...SOME, haste: true, moves: true, upgrades: true, outages: false },
]

export function themeOf(seed: string): Theme {
  let left = createRandom(`${seed}/theme`).next()
  for (const theme of THEMES) {
    left -= theme.share
    if (left < 0) return theme
  }
  return THEMES[0] as Theme
}
