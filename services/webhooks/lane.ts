import { type Clock, type Log, toAzoraError } from '@azora/base'
import type { Answer } from './backoff.ts'
import { type Endpoint, FAILING_AFTER, type Health } from './endpoint.ts'
import { createIntake, type IntakeDeps } from './intake.ts'
import type { Slots } from './send/slots.ts'
import { createSettling, type SettleDeps } from './settle.ts'
import type { DeliveryStore } from './store/deliveries.ts'
import type { Delivery } from './store/delivery-row.ts'

export interface LaneDeps extends IntakeDeps, SettleDeps {
  deliveries: DeliveryStore
  /** Signs and posts. Rejects only when it could not be signed. */
  send(endpoint: Endpoint, delivery: Delivery, signal: AbortSignal): Promise<Answer>
  slots: Slots
  clock: Clock
  log: Log
}

/** What is sent to one endpoint. It waits for nobody else's. */
export interface Lane {
  health(): Health
  /** There may be something new in the log. */
  notice(): void
  /** Looks again, as something was changed. */
  wake(): void
  /** Sends again from this entry of the log on. */
  moveTo(index: number): Promise<void>
  /** Forgets failures, and tries at once. */
  recover(): Promise<void>
  stop(): Promise<void>
}

/** Requests to one endpoint at one time; one while it is failing. */
const AT_ONCE = 4
/** Wait when the database or the key-management service is away. */
const HOLD_MS = 2_000

export function startLane(
  endpoint: () => Endpoint,
  { next, health: stored }: { next: number; health: Health },
  deps: LaneDeps,
): Lane {
  const { deliveries, clock, log } = deps
  const intake = createIntake(endpoint, next, deps)
  const settling = createSettling(endpoint, stored, deps)
  const stopping = new AbortController()
  const busy = new Map<number, Promise<void>>()
  const alarm = createAlarm(clock)
  let heldUntil = 0

  function hold(thrown: unknown): void {
    heldUntil = clock.now() + HOLD_MS
    log.warn({ err: toAzoraError(thrown), webhook: endpoint().id }, 'a webhook is held up; trying again')
  }

  async function deliver(delivery: Delivery): Promise<void> {
    const giveBack = await deps.slots.take(endpoint().tenant)
    try {
      if (stopping.signal.aborted) return
      const answer = await deps.send(endpoint(), delivery, stopping.signal)
      if (!stopping.signal.aborted) await settling.settle(delivery, answer)
    } catch (thrown) {
      hold(thrown)
    } finally {
      giveBack()
      busy.delete(delivery.index)
      alarm.ring()
    }
  }

  /** Begins what is due. Answers when to look again; undefined for when something happens. */
  async function step(): Promise<number | undefined> {
    if (endpoint().state !== 'active') return undefined
    if (heldUntil > clock.now()) return heldUntil
    await intake.fill()
    const { failures, retryAtMs = 0 } = settling.health()
    if (retryAtMs > clock.now()) return retryAtMs
    const room = (failures >= FAILING_AFTER ? 1 : AT_ONCE) - busy.size
    if (room <= 0) return undefined
    const candidates = await deliveries.candidates(endpoint(), [...busy.keys()], AT_ONCE + 1)
    const now = clock.now()
    for (const delivery of candidates.filter(({ nextAtMs }) => nextAtMs <= now).slice(0, room))
      busy.set(delivery.index, deliver(delivery))
    return candidates.find(({ nextAtMs }) => nextAtMs > now)?.nextAtMs
  }

  const work = (async () => {
    while (!stopping.signal.aborted) {
      const again = await step().catch((thrown) => {
        hold(thrown)
        return heldUntil
      })
      await alarm.wait(again)
    }
    await Promise.all(busy.values())
  })()

  return {
    health: settling.health,
    notice() {
      intake.notice()
      alarm.ring()
    },
    wake: alarm.ring,
    async moveTo(index) {
      await intake.moveTo(index)
      alarm.ring()
    },
    async recover() {
      await settling.recover()
      alarm.ring()
    },
    async stop() {
      stopping.abort()
      alarm.ring()
      await work
    },
  }
}

/** Waits until it rings or a time has come; a ring while nobody waits is not lost. */
function createAlarm(clock: Clock): { ring(): void; wait(untilMs: number | undefined): Promise<void> } {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rung = true
      wake?.()
    },
    async wait(untilMs) {
      if (!rung)
        await new Promise<void>((resolve) => {
          wake = resolve
          const timer = untilMs === undefined ? undefined : clock.timer(untilMs, resolve)
          wake = () => {
            timer?.cancel()
            resolve()
          }
        })
      wake = undefined
      rung = false
    },
  }
}
