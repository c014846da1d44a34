import { limitsOf } from '@azora/contracts'
import type { LaunchSpec, WatchedLimits } from './port.ts'

const { wallMs: _wallMs, outputBytes: _outputBytes, ...DEFAULTS } = limitsOf()

/** What a launch may use; what it doesn't name is the default of an action's limits. */
export const watchedLimits = ({ limits }: Pick<LaunchSpec, 'limits'> = {}): WatchedLimits => ({
  ...DEFAULTS,
  ...limits,
})
