import { artifacts } from './artifacts.ts'
import { agents, skills } from './catalog.ts'
import { constitution } from './constitution.ts'
import { devices } from './devices.ts'
import { erasures, retention } from './erasures.ts'
import { journal } from './journal.ts'
import { keys } from './keys.ts'
import { limits } from './limits.ts'
import { nodes } from './nodes.ts'
import { oidc } from './oidc.ts'
import type { Operation } from './operation.ts'
import { orchestrator } from './orchestrator.ts'
import { principals } from './principals.ts'
import { provisioning } from './provisioning.ts'
import { reviews } from './reviews.ts'
import { roles } from './roles.ts'
import { replays, runs } from './runs.ts'
import { schedules } from './schedules.ts'
import { scim } from './scim.ts'
import { secrets } from './secrets.ts'
import { sessions, signIn } from './sign-in.ts'
import { system } from './system.ts'
import { tenants } from './tenants.ts'
import { webhooks } from './webhooks.ts'

/** Every operation of the HTTP API, by what it is about and what it does. Server, clients and documents take it from here. */
export const operations = {
  orchestrator,
  runs,
  artifacts,
  replays,
  reviews,
  skills,
  agents,
  nodes,
  limits,
  schedules,
  tenants,
  principals,
  roles,
  signIn,
  sessions,
  devices,
  oidc,
  scim,
  provisioning,
  keys,
  secrets,
  webhooks,
  constitution,
  journal,
  erasures,
  retention,
  system,
}

/** An operation with its name, such as `runs.list`. */
export interface NamedOperation {
  group: string
  name: string
  operation: Operation
}

export const listOperations = (): NamedOperation[] =>
  Object.entries(operations).flatMap(([group, members]) =>
    Object.entries(members).map(([name, operation]) => ({ group, name, operation })),
  )
