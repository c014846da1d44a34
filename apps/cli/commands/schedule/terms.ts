import { CronPattern, MissedPolicy, type NewSchedule, OverlapPolicy, TimeZone } from '@azora/contracts'
import type { z } from 'zod'
import { runBudgetOf } from '../../budget-terms.ts'
import { usageError } from '../../exit.ts'
import { countOf, type InputOptions } from '../../inputs.ts'

export interface CreateOptions extends InputOptions {
  cron: string
  agent: string
  tz?: string
  agentVersion?: string
  missed?: string
  overlap?: string
  priority?: string
  budget?: string
  shard?: string
  deadline?: string
}

type Terms = Omit<NewSchedule, 'name' | 'input' | 'scope'>

const DEADLINE_SECONDS_MAX = 31_536_000

/** When and how runs start, by the options of a command line. */
export function termsOf(options: CreateOptions): Terms {
  const { cron, tz, agent, agentVersion, missed, overlap, priority, budget, shard, deadline } = options
  return {
    cron: given(CronPattern, cron, '--cron', 'Give five fields, such as "0 7 * * 1-5".'),
    agentId: agent,
    ...(tz !== undefined && { timeZone: given(TimeZone, tz, '--tz', 'Give it like Europe/Berlin.') }),
    ...(agentVersion !== undefined && { agentVersion }),
    ...(missed !== undefined && { missed: given(MissedPolicy, missed, '--missed', 'Give skip, one or all.') }),
    ...(overlap !== undefined && { overlap: given(OverlapPolicy, overlap, '--overlap', 'Give skip, queue or allow.') }),
    ...(priority !== undefined && { priority: countOf(priority, '--priority', 9) }),
    ...(budget !== undefined && { budget: runBudgetOf(budget) }),
    ...(shard !== undefined && { shard }),
    ...(deadline !== undefined && { deadlineSeconds: countOf(deadline, '--deadline', DEADLINE_SECONDS_MAX) }),
  }
}

function given<T>(schema: z.ZodType<T>, text: string, flag: string, remedy: string): T {
  const parsed = schema.safeParse(text)
  if (parsed.success) return parsed.data
  throw usageError(`${flag} can't be ${text}`, remedy)
}
