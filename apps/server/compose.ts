import { join } from 'node:path'

import { type AzoraError, type Log, systemClock } from '@azora/base'
import { createDb } from '@azora/base/db'
import { createEvidence } from '@azora/bundles'
import { createConstitution } from '@azora/constitution'
import { RUN_START_SKILL, SERVER_TENANT } from '@azora/contracts'
import {
  chooseIsolation,
  createAgentHost,
  createUploads,
  type IsolationMode,
  openArtifactStore,
  openCodeStore,
  openFindCode,
} from '@azora/execution'
import { createIdentity, type OidcSettings } from '@azora/identity'
import { createJournal } from '@azora/journal'
import { createOrchestrator } from '@azora/orchestrator'
import { createSecrets } from '@azora/secrets'
import { createRegistry } from '@azora/skills'
import type pg from 'pg'
import { assignTokens } from './assign-tokens.ts'
import { describeCatalogIn } from './cataloging.ts'
import { closeAll } from './closing.ts'
import { openDispatching } from './dispatching.ts'
import { encryptionWith, openErasing } from './erasing.ts'
import type { App } from './http/app.ts'
import { openApp } from './http/open-app.ts'
import type { RateLimits } from './http/rate-limit.ts'
import { serveRooms } from './http/serve-rooms.ts'
import { keepCode, sweepCode } from './keeping-code.ts'
import type { DataDir } from './local/data-dir.ts'
import type { OwnerKeys } from './local/owner-key.ts'
import { openSecretsKey } from './local/secrets-key.ts'
import { PROJECT_ROOT } from './project-root.ts'
import { openProvisioning } from './provisioning.ts'
import { recordOwner } from './record-owner.ts'
import { openReplayer } from './replayer.ts'
import type { ReviewWebhook } from './review-webhook.ts'
import { createGrpcPort, type GrpcPort } from './rpc/port.ts'
import { rpcRoutes } from './rpc/routes.ts'
import { mayStartIn, openSchedules } from './schedules.ts'
import { openSigningIn } from './signing-in.ts'
import { orchestratorForSome } from './some-runs.ts'
import { sweepUploads } from './sweeping.ts'
import { VERSION } from './version.ts'
import { openWebhooks } from './webhooks.ts'
import { openWitnesses } from './witnesses/open.ts'

export interface PlatformOptions {
  connection: pg.PoolConfig
  /** What keeps agents' code; a sandbox when absent. */
  isolation?: IsolationMode
  dataDir: DataDir
  /** Whose signature puts a law in force. */
  ownerKeys: OwnerKeys
  reviewWebhook?: ReviewWebhook | undefined
  /** Hosts inside of the network that webhooks may reach. */
  webhookHosts?: readonly string[]
  /** Where artifacts lie, as `s3://…`; in the data directory when absent. */
  artifacts?: string | undefined
  /** Encrypt new payloads in the database. */
  encryptPayloads?: boolean
  /** File with the witnesses whose cosignatures are collected. */
  witnessPolicy?: string | undefined
  /** Selects the layers of the constitution that hold here. */
  environment?: string | undefined
  /** The key of a key-management service that secrets are encrypted under; a key file when absent. */
  secretsKey?: string | undefined
  /** The server's own URL, as browsers see it; the address that it listens on when absent. */
  publicUrl?: string | undefined
  /** Where people sign in, beside here. */
  oidc?: OidcSettings | undefined
  /** How often requests may come. */
  rateLimits?: RateLimits | undefined
  /** Callers over TLS are asked for certificates. */
  asksCertificates?: boolean | undefined
  log: Log
  /** Called once when another server took the journal over, with what there is to say. */
  onFenced: (why: AzoraError) => void
}

/** The control plane, wired and recovered, not listening yet. */
export interface Platform {
  app: App
  /** For gRPC without TLS; it listens when it is told to. */
  grpc: GrpcPort
  close(): Promise<void>
}

const DATABASE_CONNECTIONS = 10
const DRIVEN_RUNS = 64

/** The only place that knows every room. */
export async function composePlatform(options: PlatformOptions): Promise<Platform> {
  const { connection, dataDir, ownerKeys, publicUrl, oidc, asksCertificates, rateLimits, log, onFenced } = options
  const clock = systemClock
  const db = createDb({ connection, max: DATABASE_CONNECTIONS, log })
  const isolation = await chooseIsolation(options.isolation ?? 'sandbox', PROJECT_ROOT)
  const keyWrap = await openSecretsKey(dataDir.path, options.secretsKey)
  const encryption = encryptionWith(keyWrap, options.encryptPayloads === true)
  const cataloging = describeCatalogIn(isolation)
  const [identity, journal] = await Promise.all([
    createIdentity({ db }),
    createJournal({ db, signer: dataDir.journalSigner, keys: dataDir.journalKeys, encryption, clock, log, onFenced }),
  ])
  await assignTokens(identity, SERVER_TENANT, dataDir, ownerKeys)
  await recordOwner(journal, { tenant: SERVER_TENANT, keys: ownerKeys.trusted })
  const secrets = await createSecrets({ db, journal, keyWrap, clock, log })
  const constitution = await createConstitution({ ...lawOf(options), db, journal, clock, log })
  const registry = await createRegistry({ db, journal, log })
  const code = await openCodeStore(join(dataDir.path, 'code'), PROJECT_ROOT)
  const { skills, agents: manifests } = await keepCode(code, await cataloging(log), log)
  await registry.register({ agents: manifests, skills: [...skills, RUN_START_SKILL] })

  const artifacts = await openArtifactStore(options.artifacts, join(dataDir.path, 'artifacts'))
  const uploads = createUploads(artifacts, clock)
  const stopSweeping = sweepUploads({ uploads, clock, log })
  const { dispatcher, live } = openDispatching({ journal, secrets, clock, log })
  const findCode = openFindCode(PROJECT_ROOT, join(dataDir.path, 'code-of-agents'), [code.read])
  const agents = createAgentHost({ isolation, projectRoot: PROJECT_ROOT, findCode, log })
  const orchestrator = await createOrchestrator({
    db,
    journal,
    registry,
    gate: constitution,
    performer: dispatcher,
    secretTermsOf: secrets.termsOf,
    ...{ agents, tenants: identity.tenants, mayStart: mayStartIn(identity) },
    clock,
    log,
    concurrency: DRIVEN_RUNS,
    version: VERSION,
  })
  void sweepCode(code, registry, orchestrator, log)

  const schedules = await openSchedules({ identity, journal, registry, orchestrator, clock, log })

  const webhooks = await openWebhooks({
    ...{ tenant: SERVER_TENANT, hosts: options.webhookHosts, review: options.reviewWebhook },
    ...{ db, journal, keyWrap, publicUrl, clock, log },
  })
  const erasing = await openErasing({ journal, orchestrator, artifacts, dataDir: dataDir.path, clock, log })
  const witnesses = await openWitnesses(options.witnessPolicy, { journal, tenant: SERVER_TENANT, clock, log })

  const signIn = openSigningIn({ db, identity, journal, keyWrap, tenant: SERVER_TENANT, publicUrl, oidc, clock, log })
  const scim = await openProvisioning({ db, identity, signIn, journal, tenant: SERVER_TENANT, clock, log })
  const served = orchestratorForSome(orchestrator)
  const app = await openApp({ ...signIn, asksCertificates, rateLimits, db, journal, clock, log })
  const grpc = createGrpcPort(app)
  serveRooms(app, {
    db,
    identity,
    signIn,
    scim,
    journal,
    registry,
    secrets,
    webhooks,
    constitution,
    artifacts,
    code,
    uploads,
    dispatcher,
    orchestrator: served,
    schedules,
    erasing,
    witnesses,
    live,
    grpc,
    evidence: createEvidence({ journal, constitution, registry }),
    replayer: openReplayer({
      journal,
      registry,
      constitution,
      orchestrator,
      isolation,
      findCode,
      projectRoot: PROJECT_ROOT,
      log,
    }),
  })
  await rpcRoutes(app, { journal, orchestrator: served, log })
  return {
    app,
    grpc,
    close: () =>
      closeAll(db, [
        () => app.close(),
        () => signIn.attempts.close(),
        () => webhooks.stop(),
        () => erasing.stop(),
        stopSweeping,
        () => schedules.stop(),
        () => orchestrator.stop(),
        () => dispatcher.close(),
        () => agents.close(),
        async () => secrets.close(),
        () => journal.close(),
        async () => witnesses?.stop(),
      ]),
  }
}

/** Whose law holds, and with which it begins. */
const lawOf = ({ ownerKeys, environment }: Pick<PlatformOptions, 'ownerKeys' | 'environment'>) => ({
  ownerKeys: ownerKeys.trusted,
  seed: { folder: join(PROJECT_ROOT, 'constitution'), signer: ownerKeys.signer },
  environment,
})
