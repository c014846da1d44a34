import { type AzoraError, type Clock, type Log, type Timer, toAzoraError } from '@azora/base'
import type { Entry, Failure } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { AttemptDeps } from '../attempt/deps.ts'
import type { Children } from '../children/children.ts'
import { AGENT, type Decision, decide } from '../deciding/decide.ts'
import { dueMs } from '../deciding/due.ts'
import { isRepeatable } from '../deciding/repeatable.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { type HeldUp, heldUpIn } from '../listing/held-up.ts'
import type { Gate } from '../ports.ts'
import { createAhead } from './ahead.ts'
import { carryOut } from './carry-out.ts'
import { isJournalGone } from './journal-gone.ts'
import { createMoves } from './moves.ts'
import { createTrail } from './trail.ts'
import type { TurnDeps } from './turn.ts'

export interface DriverDeps extends Omit<AttemptDeps, 'requestReview' | 'pause' | 'append' | 'conclude'>, TurnDeps {
  journal: Pick<Journal, 'append' | 'readRun'>
  registry: AttemptDeps['registry'] & TurnDeps['registry']
  gate: Gate
  clock: Clock
  log: Log
  children?: Pick<Children, 'watch'>
}

/** Carries one run forward in this process. */
export interface Driver {
  /** Takes in an entry of the run and does what follows from it. */
  take(entry: Entry): void
  /** Decides what to do now. */
  wake(): void
  heldUp(): HeldUp
  /** Decides nothing more; resolves when what is in flight has ended. */
  stop(): Promise<void>
}

const RUN = 'run'
const RETRY_MS = 200
const RETRIES_MAX = 5
/** Wait before a run is looked at again that could not even be failed. */
const UNFAILED_MS = 5_000
/** As long as nothing can be put on record nothing can go wrong with a run either: it waits. */
const RECORD_AWAY = new Set(['database_unreachable', 'database_full'])
const RECORD_AWAY_MS = 1_000

/** @param onIdle called with the time of the last decision when the run has ended or waits for people or a time */
export function createDriver(deps: DriverDeps, fold: RunFold, onIdle: (nowMs: number) => void): Driver {
  const inFlight = new Map<string, Promise<void>>()
  let interrupt = new AbortController()
  const ahead = createAhead(deps, fold)
  const trail = createTrail(ahead, fold, deps.log, {
    isAlone: () => inFlight.size <= 1,
    onLost: () => interrupt.abort(),
    onCaughtUp: () => {
      interrupt = new AbortController()
    },
    recover,
    pause,
    wake,
  })
  const moves = createMoves({ ...deps, append: ahead.append, conclude: trail.conclude }, fold)
  let timer: Timer | undefined
  let stopped = false
  let retries = 0
  /** Why the run is about to fail: nothing begins any more, and what is in flight is stopped first. */
  let failure: Failure | undefined

  function wake(): void {
    if (stopped || trail.isLost()) return
    // What goes wrong in a paused run goes wrong again when it goes on.
    if (failure && fold.state === 'paused') [failure, interrupt] = [undefined, new AbortController()]
    if (failure) {
      if (!ahead.isAhead) endWith(failure)
      return
    }
    deps.children?.watch(fold)
    const nowMs = deps.clock.now()
    const overdue = fold.spec.deadline !== undefined && nowMs >= Date.parse(fold.spec.deadline)
    if (fold.ending && interrupt.signal.aborted) interrupt = new AbortController()
    else if (isGivenUp(fold) || (overdue && !fold.ending)) interrupt.abort()
    const decisions = decide(fold, {
      nowMs,
      inFlight: new Set(inFlight.keys()),
      isRepeatable: (stepId) => isRepeatable(fold.steps.get(stepId), deps.registry),
    })
    for (const decision of decisions) if (!(ahead.isAhead && asksAgent(decision))) launch(decision)
    timer?.cancel()
    if (inFlight.size > 0 || ahead.isAhead) {
      timer = nextLook(nowMs)
      return
    }
    stopped = true
    onIdle(nowMs)
  }

  /** What is told to an agent has to be on record. */
  const asksAgent = ({ do: what }: Decision): boolean => !fold.spec.plan && (what === 'recognize' || what === 'reason')

  function nextLook(nowMs: number): Timer | undefined {
    const atMs = dueMs(fold, nowMs)
    return Number.isFinite(atMs) ? deps.clock.timer(atMs, wake) : undefined
  }

  function launch(decision: Decision): void {
    const name = nameOf(decision)
    if (inFlight.has(name)) return
    const seen = fold.lastIndex
    const { requestReview, pause } = moves
    const own = { append: ahead.onCourse(ahead.append), conclude: ahead.onCourse(trail.conclude) }
    const work = carryOut({ ...deps, ...own, requestReview, pause }, fold, moves, decision, interrupt.signal)
      .then(() => {
        retries = 0
      })
      .catch((thrown) => recover(toAzoraError(thrown), seen))
      .finally(() => {
        inFlight.delete(name)
        wake()
      })
    inFlight.set(name, work)
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      deps.clock.after(ms, resolve)
    })
  }

  /** Somebody else moved the run: look again. Something passing: wait, then look again. Anything else ends the run. */
  async function recover(error: AzoraError, seen: number): Promise<void> {
    if (error.code === 'illegal_transition') {
      // Without news the next look would say the same: this server was superseded, and will learn of it.
      if (fold.lastIndex === seen && !ahead.isLost) await pause(RETRY_MS)
      return
    }
    if (isJournalGone(error)) {
      stopped = true
      return
    }
    if (RECORD_AWAY.has(error.code)) return pause(RECORD_AWAY_MS)
    retries += 1
    deps.log.warn({ err: error, run: fold.spec.runId, retries }, 'a step of the orchestrator failed')
    if (error.advice === 'retry' && retries <= RETRIES_MAX) {
      await pause(error.retryAfterMs ?? RETRY_MS * 2 ** retries)
      return
    }
    // What is undone can't be given up, and what is paused goes wrong again when it goes on: it is looked at again.
    if (fold.ending || fold.state === 'paused') return pause(fold.ending ? UNFAILED_MS : 0)
    failure ??= { code: error.code, message: error.message }
    interrupt.abort()
  }

  function endWith(error: Failure): void {
    if (inFlight.size > 0) return
    const work = moves
      .fail(error)
      .catch(async (thrown) => {
        deps.log.error({ err: toAzoraError(thrown), run: fold.spec.runId }, 'a run could not be failed')
        if (isJournalGone(toAzoraError(thrown))) stopped = true
        else await pause(UNFAILED_MS)
      })
      .finally(() => {
        failure = undefined
        interrupt = new AbortController()
        inFlight.delete(RUN)
        wake()
      })
    inFlight.set(RUN, work)
  }

  return {
    take(entry) {
      ahead.take(entry)
      // A server that is stopping decides nothing more, but lets nothing begin that people cancelled.
      if (ahead.isLost || (stopped && isGivenUp(fold))) interrupt.abort()
      wake()
    },
    wake,
    heldUp: () => heldUpIn(fold, inFlight.size > 0),
    async stop() {
      stopped = true
      timer?.cancel()
      await Promise.all([...inFlight.values(), trail.settled()])
    },
  }
}

/** What is in flight is stopped with a run that is to end. */
const isGivenUp = ({ ending, cancel, reached }: RunFold): boolean =>
  !ending && (cancel !== undefined || reached !== undefined)

/** Work on different steps runs side by side; there is one question to the agent and one move of the run at a time. */
function nameOf(decision: Decision): string {
  if ('stepId' in decision) return decision.stepId
  return decision.do === 'recognize' || decision.do === 'reason' ? AGENT : RUN
}
