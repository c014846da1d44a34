import type { Isolation, LaunchSpec, Sandboxed } from '../isolation/port.ts'

/**
 * Sandboxes that were started before their action came: the skill's code is loaded and waits for its input. A slot has seen
 * nothing of anybody, is used by one action and ends with it, so there is nothing to clean and nothing to carry over.
 *
 * What a sandbox is shown can't be changed once it runs. So only actions have slots that are shown nothing: no workspace, no
 * path, no host, no environment.
 */
export interface WarmPool {
  /**
   * Starts a command, or hands out a slot in which it was started.
   *
   * @param code digest of the code that the command loads; it was checked
   */
  launch(spec: LaunchSpec, code: string): Sandboxed
  /** Slots that wait, and bytes of memory that they have used at most. */
  status(): { waiting: number; memoryBytes: number; used: number }
  close(): void
}

export interface WarmPoolOptions {
  isolation: Isolation
  /** Slots at one time; 0 for none. */
  slotsMax: number
  slotsPerCodeMax?: number
  idleMs?: number
}

interface Slot {
  key: string
  sandbox: Sandboxed
  idle: NodeJS.Timeout
}

const SLOTS_PER_CODE_MAX = 2
const IDLE_MS_MAX = 60_000

export function createWarmPool({
  isolation,
  slotsMax,
  slotsPerCodeMax = SLOTS_PER_CODE_MAX,
  idleMs = IDLE_MS_MAX,
}: WarmPoolOptions): WarmPool {
  /** The longest-waiting first. */
  const slots = new Set<Slot>()
  let used = 0
  let closed = false

  const give = (slot: Slot): Sandboxed => {
    slots.delete(slot)
    clearTimeout(slot.idle)
    return slot.sandbox
  }
  const evict = (slot: Slot): void => give(slot).kill()

  function prepare(key: string, spec: LaunchSpec): void {
    if (closed || [...slots].filter((slot) => slot.key === key).length >= slotsPerCodeMax) return
    const [oldest] = slots
    if (oldest && slots.size >= slotsMax) evict(oldest)
    const sandbox = isolation.launch(spec)
    const slot: Slot = { key, sandbox, idle: setTimeout(() => evict(slot), idleMs).unref() }
    slots.add(slot)
    const forget = (): void => {
      if (slots.has(slot)) give(slot)
    }
    sandbox.exited.then(forget, forget)
  }

  return {
    launch(spec, code) {
      if (slotsMax === 0 || !isShownNothing(spec)) return isolation.launch(spec)
      const key = JSON.stringify([code, spec.argv, spec.limits])
      const ready = [...slots].find((slot) => slot.key === key)
      if (ready) used += 1
      const sandbox = ready ? give(ready) : isolation.launch(spec)
      // Not beside the action, whose processors it would take.
      const next = (): void => prepare(key, spec)
      sandbox.exited.then(next, () => undefined)
      return sandbox
    },
    status: () => ({
      waiting: slots.size,
      memoryBytes: [...slots].reduce((sum, { sandbox }) => sum + (sandbox.usage()?.memoryBytesPeak ?? 0), 0),
      used,
    }),
    close() {
      closed = true
      for (const slot of slots) evict(slot)
    },
  }
}

const isShownNothing = ({ read = [], write = [], workspace, egressSocket, env }: LaunchSpec): boolean =>
  read.length + write.length === 0 && !workspace && !egressSocket && !env
