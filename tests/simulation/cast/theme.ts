import { createRandom } from '../engine/random.ts'

export type ThemeName =
  | 'actions'
  | 'haste'
  | 'waits'
  | 'children'
  | 'dependencies'
  | 'schedules'
  | 'forks'
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
}

const NOTHING = { waits: 0, children: 0, after: 0, schedules: 0, forks: 0, haste: false }

const THEMES: ReadonlyArray<Theme & { share: number }> = [
  { ...NOTHING, name: 'actions', share: 0.3 },
  { ...NOTHING, name: 'haste', share: 0.1, haste: true },
  { ...NOTHING, name: 'waits', share: 0.14, waits: 0.75 },
  { ...NOTHING, name: 'children', share: 0.15, children: 0.4, waits: 0.25 },
  { ...NOTHING, name: 'dependencies', share: 0.12, after: 0.7 },
  { ...NOTHING, name: 'schedules', share: 0.06, schedules: 2 },
  { ...NOTHING, name: 'forks', share: 0.09, waits: 0.1, forks: 8 },
  { name: 'everything', share: 0.02, waits: 0.2, children: 0.2, after: 0.3, schedules: 1, forks: 3, haste: true },
]

export function themeOf(seed: string): Theme {
  let left = createRandom(`${seed}/theme`).next()
  for (const theme of THEMES) {
    left -= theme.share
    if (left < 0) return theme
  }
  return THEMES[0] as Theme
}
