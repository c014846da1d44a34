import { z } from 'zod'
import { AgentManifest } from '../agent.ts'
import { Name, Version } from '../names.ts'
import { SkillManifest } from '../skill.ts'
import { operation } from './operation.ts'

const VersionQuery = z.strictObject({ version: Version.optional().describe('The newest when absent') })

export const skills = {
  list: operation({
    method: 'GET',
    path: '/api/v1/skills',
    summary: 'Every version of every skill',
    permission: 'skill.read',
    scope: 'tenant',
    responses: { 200: z.strictObject({ items: z.array(SkillManifest) }) },
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/skills/{skillId}',
    summary: 'One skill',
    permission: 'skill.read',
    scope: 'tenant',
    hasETag: true,
    params: z.strictObject({ skillId: Name }),
    query: VersionQuery,
    problems: ['skill_not_found'],
    responses: { 200: SkillManifest },
  }),
}

export const agents = {
  list: operation({
    method: 'GET',
    path: '/api/v1/agents',
    summary: 'Every version of every agent',
    permission: 'agent.read',
    scope: 'tenant',
    responses: { 200: z.strictObject({ items: z.array(AgentManifest) }) },
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/agents/{agentId}',
    summary: 'One agent',
    permission: 'agent.read',
    scope: 'tenant',
    hasETag: true,
    params: z.strictObject({ agentId: Name }),
    query: VersionQuery,
    problems: ['agent_not_found'],
    responses: { 200: AgentManifest },
  }),
}
