import { operations } from '@azora/contracts'
import type { Orchestrator } from '@azora/orchestrator'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { show, budgets, set } = operations.limits

/** How runs are accepted and admitted. */
export function limitsRoutes(app: App, orchestrator: Pick<Orchestrator, 'limits' | 'budgets' | 'setLimits'>): void {
  serve(app, show, async () => orchestrator.limits())
  serve(app, budgets, async () => ({ budgets: orchestrator.budgets() }))
  serve(app, set, async ({ principal, body }) => orchestrator.setLimits(principal, body))
}
