import type { RunFold } from '../fold/run-fold.ts'

/** True while it isn't on record how the runs ended that this one starts after. */
export const waitsForRuns = ({ spec, dependencies }: Pick<RunFold, 'spec' | 'dependencies'>): boolean =>
  spec.after !== undefined && dependencies === undefined

/** True when one of them ended otherwise than this run asks, so that it never starts. */
export const lostDependency = ({ dependencies }: Pick<RunFold, 'dependencies'>): boolean => dependencies?.met === false
