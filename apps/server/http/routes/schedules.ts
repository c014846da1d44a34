import { AzoraError } from '@azora/base'
import { operations, type Right, type ScheduleView } from '@azora/contracts'
import { may, type Principal } from '@azora/identity'
import type { Schedules } from '@azora/orchestrator'
import { onlyAllowed, requireForAgent } from '../../some-runs.ts'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { list, get, create, pause, resume, trigger, remove } = operations.schedules

/** Runs that start by the clock. */
export function scheduleRoutes(app: App, schedules: Schedules): void {
  /** The schedule, where the caller may do it for its runs. Throws `schedule_not_found`. */
  const mine = (caller: Principal, right: Right, name: string): ScheduleView => {
    const found = schedules.get(caller.tenant, name)
    if (may(caller, right, found)) return found
    throw new AzoraError('missing', 'schedule_not_found', `there is no schedule ${name}`, {
      remedy: 'List them: azora schedule list',
    })
  }
  serve(app, list, async ({ principal }) => ({
    items: onlyAllowed(principal, 'run.read', schedules.list(principal.tenant)),
  }))
  serve(app, get, async ({ principal, params }) => mine(principal, 'run.read', params.name))
  serve(app, create, async ({ principal, body }) => {
    requireForAgent(principal, 'run.manage', body.agentId)
    return schedules.create(principal, body)
  })
  serve(app, pause, async ({ principal, params }) => {
    mine(principal, 'run.manage', params.name)
    return schedules.pause(principal, params.name)
  })
  serve(app, resume, async ({ principal, params }) => {
    mine(principal, 'run.manage', params.name)
    return schedules.resume(principal, params.name)
  })
  serve(app, trigger, async ({ principal, params, headers }) => {
    mine(principal, 'run.manage', params.name)
    return schedules.trigger(principal, params.name, headers['idempotency-key'])
  })
  serve(app, remove, async ({ principal, params }) => {
    mine(principal, 'run.manage', params.name)
    await schedules.remove(principal, params.name)
    return null
  })
}
