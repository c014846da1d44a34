import { operations } from '@azora/contracts'
import type { Registry } from '@azora/skills'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { skills, agents } = operations

/** Reads: what skills and agents there are. */
export function catalogRoutes(app: App, registry: Registry): void {
  serve(app, skills.list, async () => ({ items: registry.skills() }))
  serve(app, skills.get, async ({ params, query }) => registry.skill(params.skillId, query.version))
  serve(app, agents.list, async () => ({ items: registry.agents() }))
  serve(app, agents.get, async ({ params, query }) => registry.agent(params.agentId, query.version))
}
