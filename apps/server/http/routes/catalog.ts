import { AgentManifest, Name, SkillManifest, Version } from '@azora/contracts'
import type { Registry } from '@azora/skills'
import { z } from 'zod'
import type { App } from '../app.ts'

const VersionQuery = z.strictObject({ version: Version.optional() })

/** Reads: what skills and agents there are. */
export function catalogRoutes(app: App, registry: Registry): void {
  app.route({
    method: 'GET',
    url: '/api/v1/skills',
    config: { access: 'owner' },
    schema: {
      summary: 'Every version of every skill',
      response: { 200: z.strictObject({ items: z.array(SkillManifest) }) },
    },
    handler: async () => ({ items: registry.skills() }),
  })
  app.route({
    method: 'GET',
    url: '/api/v1/skills/:skillId',
    config: { access: 'owner' },
    schema: {
      summary: 'One skill',
      params: z.strictObject({ skillId: Name }),
      querystring: VersionQuery,
      response: { 200: SkillManifest },
    },
    handler: async ({ params, query }) => registry.skill(params.skillId, query.version),
  })
  app.route({
    method: 'GET',
    url: '/api/v1/agents',
    config: { access: 'owner' },
    schema: {
      summary: 'Every version of every agent',
      response: { 200: z.strictObject({ items: z.array(AgentManifest) }) },
    },
    handler: async () => ({ items: registry.agents() }),
  })
  app.route({
    method: 'GET',
    url: '/api/v1/agents/:agentId',
    config: { access: 'owner' },
    schema: {
      summary: 'One agent',
      params: z.strictObject({ agentId: Name }),
      querystring: VersionQuery,
      response: { 200: AgentManifest },
    },
    handler: async ({ params, query }) => registry.agent(params.agentId, query.version),
  })
}
