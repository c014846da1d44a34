import type { Db } from '@azora/base/db'
import type { Evidence } from '@azora/bundles'
import type { Constitution } from '@azora/constitution'
import type { ArtifactStore, CodeStore, Dispatcher, Uploads } from '@azora/execution'
import type { Identity, Scim } from '@azora/identity'
import type { Journal } from '@azora/journal'
import type { Orchestrator, Replayer, Schedules } from '@azora/orchestrator'
import type { Secrets } from '@azora/secrets'
import type { Registry } from '@azora/skills'
import type { Webhooks } from '@azora/webhooks'
import type { Erasing } from '../erasing.ts'
import type { LiveOutput } from '../live-output.ts'
import type { GrpcPort } from '../rpc/port.ts'
import type { SigningIn } from '../signing-in.ts'
import { VERSION } from '../version.ts'
import type { Witnesses } from '../witnesses/collector.ts'
import type { App } from './app.ts'
import { artifactRoutes } from './routes/artifacts.ts'
import { catalogRoutes } from './routes/catalog.ts'
import { codeRoutes } from './routes/code.ts'
import { constitutionRoutes } from './routes/constitution.ts'
import { erasureRoutes } from './routes/erasures.ts'
import { limitsRoutes } from './routes/limits.ts'
import { logRoutes } from './routes/log.ts'
import { nodeRoutes } from './routes/nodes.ts'
import { orchestratorRoutes } from './routes/orchestrator.ts'
import { outputRoutes } from './routes/output.ts'
import { payloadKeyRoutes } from './routes/payload-keys.ts'
import { principalRoutes } from './routes/principals.ts'
import { problemRoutes } from './routes/problems.ts'
import { provisioningRoutes } from './routes/provisioning.ts'
import { replayRoutes } from './routes/replays.ts'
import { retentionRoutes } from './routes/retention.ts'
import { reviewRoutes } from './routes/reviews.ts'
import { roleRoutes } from './routes/roles.ts'
import { runRoutes } from './routes/runs.ts'
import { scheduleRoutes } from './routes/schedules.ts'
import { scimRoutes } from './routes/scim.ts'
import { secretRoutes } from './routes/secrets.ts'
import { systemRoutes } from './routes/system.ts'
import { tenantRoutes } from './routes/tenants.ts'
import { webhookRoutes } from './routes/webhooks.ts'

/** The rooms as callers reach them. */
export interface ServedRooms {
  db: Db
  identity: Identity
  signIn: SigningIn
  scim: Scim
  journal: Journal
  registry: Registry
  secrets: Secrets
  constitution: Constitution
  artifacts: ArtifactStore
  code: CodeStore
  uploads: Uploads
  dispatcher: Dispatcher
  orchestrator: Orchestrator
  schedules: Schedules
  webhooks: Webhooks
  erasing: Erasing
  witnesses: Witnesses | undefined
  live: LiveOutput
  grpc: Pick<GrpcPort, 'address'>
  evidence: Evidence
  replayer: Replayer
}

/** Serves every operation; each group of routes sees the rooms that it needs. */
export function serveRooms(app: App, rooms: ServedRooms): void {
  const { db, identity, signIn, scim, journal, registry, secrets, constitution, artifacts, dispatcher } = rooms
  const { orchestrator, schedules, webhooks, erasing, witnesses, live, grpc, evidence, replayer } = rooms
  orchestratorRoutes(app, orchestrator, replayer)
  runRoutes(app, { orchestrator, journal, evidence })
  replayRoutes(app, replayer, orchestrator)
  reviewRoutes(app, orchestrator)
  principalRoutes(app, { identity, signIn, scim, journal, dispatcher, orchestrator })
  roleRoutes(app, { roles: identity.roles, journal })
  tenantRoutes(app, { identity, journal })
  signIn.routes(app)
  scimRoutes(app, scim, identity.roles)
  provisioningRoutes(app, scim)
  secretRoutes(app, secrets)
  webhookRoutes(app, webhooks)
  catalogRoutes(app, registry)
  constitutionRoutes(app, constitution)
  nodeRoutes(app, dispatcher)
  limitsRoutes(app, orchestrator)
  scheduleRoutes(app, schedules)
  codeRoutes(app, { code: rooms.code, dispatcher })
  artifactRoutes(app, { artifacts, uploads: rooms.uploads, orchestrator, dispatcher })
  outputRoutes(app, { orchestrator, journal, live })
  logRoutes(app, journal, witnesses)
  erasureRoutes(app, { ...erasing, journal })
  payloadKeyRoutes(app, journal)
  retentionRoutes(app, { ...erasing, journal })
  problemRoutes(app)
  systemRoutes(app, { db, journal, witnesses, orchestrator, constitution, dispatcher, grpc, version: VERSION })
}
