import { operations } from '@azora/contracts'
import type { Schedules } from '@azora/orchestrator'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { list, get, create, pause, resume, trigger, remove } = operations.schedules

/** Runs that start by the clock. */
export function scheduleRoutes(app: App, schedules: Schedules): void {
  serve(app, list, async ({ principal }) => ({ items: schedules.list(principal.tenant) }))
  serve(app, get, async ({ principal, params }) => schedules.get(principal.tenant, params.name))
  serve(app, create, async ({ principal, body }) => schedules.create(principal, body))
  serve(app, pause, async ({ principal, params }) => schedules.pause(principal, params.name))
  serve(app, resume, async ({ principal, params }) => schedules.resume(principal, params.name))
  serve(app, trigger, async ({ principal, params, headers }) =>
    schedules.trigger(principal, params.name, headers['idempotency-key']),
  )
  serve(app, remove, async ({ principal, params }) => {
    await schedules.remove(principal, params.name)
    return null
  })
}
