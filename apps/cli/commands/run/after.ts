import { DEPENDENCIES_MAX, type Dependency } from '@azora/contracts'
import { usageError } from '../../exit.ts'
import { runIdOf } from '../../inputs.ts'

interface AfterOptions {
  after?: string
  afterFailure?: string
}

/** The runs that `--after` names; undefined when it isn't given. */
export function afterOf({ after, afterFailure }: AfterOptions): Dependency[] | undefined {
  if (afterFailure !== undefined && afterFailure !== 'cancel' && afterFailure !== 'run')
    throw usageError(`--after-failure ${afterFailure} is neither run nor cancel`)
  if (after === undefined && afterFailure !== undefined)
    throw usageError('--after-failure needs --after', 'Name the runs that it starts after: --after RUN1,RUN2')
  if (after === undefined) return undefined
  const runs = [...new Set(after.split(',').map((run) => runIdOf(run.trim())))]
  if (runs.length > DEPENDENCIES_MAX) throw usageError(`--after names more than ${DEPENDENCIES_MAX} runs`)
  return runs.map((run) => ({ run, when: afterFailure === 'run' ? 'ended' : 'success' }))
}
