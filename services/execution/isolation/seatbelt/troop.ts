import type { Breach, Usage } from '@azora/contracts'
import type { Exit, WatchedLimits } from '../port.ts'
import { membersOf, type Process, processesNow, processesSoon } from './process-table.ts'

/** All processes that came from one, where the kernel keeps no list of them. */
export interface Troop {
  usage(): Usage
  /** Ends them at once, with those that have left the group and were seen before. */
  kill(): void
  /** Ends whoever is left, and completes the exit. */
  end(exit: Exit): Exit
}

const EVERY_MS = 100
/** A killed process may have begun another one just before. */
const ROUNDS_MAX = 20

/**
 * Follows the processes of a group by looking at the table of processes. One that leaves the group and loses its parent
 * between two looks is not found again: a sandbox has to see to it that such a one can do nothing either.
 */
export function followTroop(group: number, limits: WatchedLimits): Troop {
  const known = new Map<number, string>()
  const usage: Usage = { cpuMs: 0, memoryBytesPeak: 0, processesPeak: 0, diskBytesRead: 0, diskBytesWritten: 0 }
  /** Of those that have ended: what they had used when they were last seen. */
  const cpuMs = new Map<string, number>()
  let breach: Breach | undefined
  let ended = false

  function take(all: readonly Process[]): Process[] {
    const members = membersOf(all, group, known)
    for (const member of members) {
      known.set(member.pid, member.began)
      cpuMs.set(nameOf(member), member.cpuMs)
    }
    usage.cpuMs = sum([...cpuMs.values()])
    usage.processesPeak = Math.max(usage.processesPeak, members.length)
    usage.memoryBytesPeak = Math.max(usage.memoryBytesPeak, sum(members.map(({ memoryBytes }) => memoryBytes)))
    return members
  }

  function check(members: readonly Process[]): void {
    const memory = sum(members.map(({ memoryBytes }) => memoryBytes))
    over('memory', limits.memoryBytes, memory)
    over('processes', limits.processes, members.length)
    over('cpu', limits.cpuMs, usage.cpuMs)
  }

  function over(limit: Breach['limit'], allowed: number, used: number): void {
    if (breach || used <= allowed) return
    breach = { limit, allowed, used: Math.round(used) }
    kill()
  }

  function kill(): void {
    // Later its number may be somebody else's.
    if (ended) return
    killOne(-group)
    const killed = new Set<string>()
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const others = take(tableNow()).filter((one) => !killed.has(nameOf(one)))
      if (others.length === 0) return
      for (const one of others) {
        killOne(one.pid)
        killed.add(nameOf(one))
      }
    }
  }

  async function look(): Promise<void> {
    const all = await processesSoon().catch(() => undefined)
    if (ended) return
    if (all) check(take(all))
    timer = setTimeout(look, EVERY_MS).unref()
  }
  let timer = setTimeout(look, 0).unref()

  return {
    usage: () => ({ ...usage }),
    kill,
    end(exit) {
      clearTimeout(timer)
      kill()
      ended = true
      const told = breach ?? breachIn(exit, limits)
      return { ...exit, usage: { ...usage }, ...(told && { breach: told }) }
    },
  }
}

/** The limits of which the end of a process tells: the kernel ended it by the signal that it has for them. */
function breachIn({ signal }: Exit, { cpuMs, fileBytes }: WatchedLimits): Breach | undefined {
  if (signal === 'SIGXCPU') return { limit: 'cpu', allowed: cpuMs, used: cpuMs }
  if (signal === 'SIGXFSZ') return { limit: 'file', allowed: fileBytes, used: fileBytes }
  return undefined
}

/** Without a table the group was ended all the same. */
function tableNow(): Process[] {
  try {
    return processesNow()
  } catch {
    return []
  }
}

const nameOf = ({ pid, began }: Process): string => `${pid} ${began}`

const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0)

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (thrown) {
    // Of a group of which only zombies are left, macOS says EPERM.
    if (!['ESRCH', 'EPERM'].includes((thrown as NodeJS.ErrnoException).code ?? '')) throw thrown
  }
}
