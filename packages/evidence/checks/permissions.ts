import { isStateful } from '@azora/contracts'
import { canonical, digestOf } from '@azora/proof/verify'
import type { Flaw } from '../flaw.ts'
import { isTold, proposerAt, type ReadEntry, type Story, type Told } from '../story.ts'

interface Permitted {
  /** Index of the verdict. */
  index: number
  expiresAt: string
  stateful: boolean
  started: boolean
  ended: boolean
}

interface Fold {
  story: Story
  /** By action digest, what the newest verdict on it permitted. */
  permissions: Map<string, Permitted>
  nonces: Set<string>
  /** True once a verdict's payload was erased: it may be the one that seems to be missing. */
  verdictErased: boolean
  /** Verdicts on whose permission something was done. */
  used: Set<number>
}

export interface ActionFindings {
  flaws: Flaw[]
  /** Indexes of the verdicts on whose permission something was done. */
  used: ReadonlySet<number>
}

/**
 * Every action that acted was permitted before, for exactly these arguments, anew and in time; every stateful one was on
 * record before it acted.
 */
export function checkPermissions(story: Story): ActionFindings {
  const fold: Fold = { story, permissions: new Map(), nonces: new Set(), verdictErased: false, used: new Set() }
  const flaws = story.entries.map((entry): Flaw => {
    const flaw = judge(fold, entry)
    return flaw && `entry ${entry.header.index} ${flaw}`
  })
  return { flaws, used: fold.used }
}

function judge(fold: Fold, entry: ReadEntry): Flaw {
  if (entry.header.kind === 'action.verified' && entry.payload === undefined) fold.verdictErased = true
  if (isTold(entry, 'action.verified')) return permit(fold, entry)
  if (isTold(entry, 'action.started')) return start(fold, entry)
  if (isTold(entry, 'action.finished')) return end(fold, entry)
  return undefined
}

function permit(fold: Fold, { header, payload }: Told<'action.verified'>): Flaw {
  const { action, result, permission } = payload
  const actionDigest = digestOf(action)
  if (!permission) {
    fold.permissions.delete(actionDigest)
    return result.verdict === 'allow'
      ? 'allows an action without a permission'
      : flawInAction(fold, header.index, payload)
  }
  if (result.verdict !== 'allow') return 'permits an action that was not allowed'
  if (permission.actionDigest !== actionDigest) return 'permits another action than it names'
  if (permission.isolation && payload.judged && !payload.judged.isolation)
    return 'permits what was judged as isolated on a node without isolation'
  if (fold.nonces.has(permission.nonce)) return 'permits with a nonce that was used before'
  fold.nonces.add(permission.nonce)
  fold.permissions.set(actionDigest, {
    index: header.index,
    expiresAt: permission.expiresAt,
    stateful: isStateful(action.effects),
    started: false,
    ended: false,
  })
  return flawInAction(fold, header.index, payload)
}

/** The action has to be one of this run, judged by what the run's owner granted. */
function flawInAction({ story }: Fold, index: number, { action, judged }: Told<'action.verified'>['payload']): Flaw {
  const { runId, spec } = story
  if (action.runId !== runId) return 'judges an action of another run'
  if (!spec) return undefined
  if (action.owner !== spec.owner || action.tenant !== spec.tenant) return 'judges an action of another owner'
  const proposer = proposerAt(story, index)
  if (proposer !== undefined && action.principal !== proposer)
    return `judges an action of ${action.principal}, not of ${proposer}`
  if (judged && canonical(judged.scope) !== canonical(spec.scope)) return 'judges by another scope than was granted'
  return undefined
}

function start(fold: Fold, { header, payload }: Told<'action.started'>): Flaw {
  const permitted = fold.permissions.get(payload.actionDigest)
  if (!permitted || permitted.started || permitted.ended)
    return fold.verdictErased ? undefined : 'starts an action that was not permitted before, or not anew'
  permitted.started = true
  fold.used.add(permitted.index)
  return Date.parse(header.at) > Date.parse(permitted.expiresAt)
    ? 'starts an action after its permission expired'
    : undefined
}

function end(fold: Fold, { payload }: Told<'action.finished'>): Flaw {
  // It ended without a node: it never acted.
  if (payload.outcome.node === 'none') return undefined
  const permitted = fold.permissions.get(payload.actionDigest)
  if (!permitted || permitted.ended)
    return fold.verdictErased ? undefined : 'ends an action that was not permitted before, or not anew'
  permitted.ended = true
  fold.used.add(permitted.index)
  return permitted.stateful && !permitted.started ? 'ends a stateful action that never started' : undefined
}
