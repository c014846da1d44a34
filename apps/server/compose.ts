import { join } from 'node:path'

import { type AzoraError, type Log, systemClock } from '@azora/base'
import { createDb, type Db } from '@azora/base/db'
import { createEvidence } from '@azora/bundles'
import { createConstitution } from '@azora/constitution'
import { type Entry, LOCAL_NODE } from '@azora/contracts'
import {
  chooseIsolation,
  createAgentHost,
  createDispatcher,
  createLeasing,
  type Dispatcher,
  describeCatalog,
  type IsolationMode,
  openArtifactStore,
} from '@azora/execution'
import { createIdentity, type Identity, type OidcSettings } from '@azora/identity'
import { createJournal, type Journal } from '@azora/journal'
import { createOrchestrator } from '@azora/orchestrator'
import { parseVerifier, type Verifier } from '@azora/proof'
import { createSecrets } from '@azora/secrets'
import { createRegistry } from '@azora/skills'
import type pg from 'pg'
import { encryptionWith, openErasing } from './erasing.ts'
import { type App, createApp } from './http/app.ts'
import { artifactRoutes } from './http/routes/artifacts.ts'
import { catalogRoutes } from './http/routes/catalog.ts'
import { constitutionRoutes } from './http/routes/constitution.ts'
import { erasureRoutes } from './http/routes/erasures.ts'
import { limitsRoutes } from './http/routes/limits.ts'
import { logRoutes } from './http/routes/log.ts'
import { nodeRoutes } from './http/routes/nodes.ts'
import { orchestratorRoutes } from './http/routes/orchestrator.ts'
import { outputRoutes } from './http/routes/output.ts'
import { payloadKeyRoutes } from './http/routes/payload-keys.ts'
import { principalRoutes } from './http/routes/principals.ts'
import { problemRoutes } from './http/routes/problems.ts'
import { replayRoutes } from './http/routes/replays.ts'
import { retentionRoutes } from './http/routes/retention.ts'
import { reviewRoutes } from './http/routes/reviews.ts'
import { runRoutes } from './http/routes/runs.ts'
import { scheduleRoutes } from './http/routes/schedules.ts'
import { secretRoutes } from './http/routes/secrets.ts'
import { systemRoutes } from './http/routes/system.ts'
import { createLiveOutput } from './live-output.ts'
import type { DataDir } from './local/data-dir.ts'
import type { OwnerKeys } from './local/owner-key.ts'
import { openSecretsKey } from './local/secrets-key.ts'
import { PROJECT_ROOT } from './project-root.ts'
import { recordOwner } from './record-owner.ts'
import { recordRefusalIn } from './record-refusal.ts'
import { openReplayer } from './replayer.ts'
import { openReviewWebhook, type ReviewWebhookTarget } from './review-webhook/open.ts'
import { openSchedules } from './schedules.ts'
import { openSigningIn } from './signing-in.ts'
import { VERSION } from './version.ts'
import { openWitnesses } from './witnesses/open.ts'

export interface PlatformOptions {
  connection: pg.PoolConfig
  /** What keeps agents' code; a sandbox when absent. */
  isolation?: IsolationMode
  dataDir: DataDir
  /** Whose signature puts a law in force. */
  ownerKeys: OwnerKeys
  reviewWebhook?: ReviewWebhookTarget | undefined
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
  /** Callers over TLS are asked for certificates. */
  asksCertificates?: boolean
  log: Log
  /** Called once when another server took the journal over, with what there is to say. */
  onFenced: (why: AzoraError) => void
}

/** The control plane, wired and recovered, not listening yet. */
export interface Platform {
  app: App
  close(): Promise<void>
}

const DATABASE_CONNECTIONS = 10
const DRIVEN_RUNS = 64
const TENANT = 'default'

/** The only place that knows every room. */
export async function composePlatform(options: PlatformOptions): Promise<Platform> {
  const { connection, dataDir, ownerKeys, publicUrl, log, onFenced } = options
  const clock = systemClock
  const db = createDb({ connection, max: DATABASE_CONNECTIONS, log })
  const isolation = await chooseIsolation(options.isolation ?? 'sandbox', PROJECT_ROOT)
  const keyWrap = await openSecretsKey(dataDir.path, options.secretsKey)
  const encryption = encryptionWith(keyWrap, options.encryptPayloads === true)
  const [identity, journal, catalog] = await Promise.all([
    createIdentity({ db }),
    createJournal({ db, signer: dataDir.journalSigner, keys: dataDir.journalKeys, encryption, clock, log, onFenced }),
    describeCatalog({ isolation, projectRoot: PROJECT_ROOT }),
  ])
  await assignTokens(identity, dataDir, ownerKeys)
  await recordOwner(journal, { tenant: TENANT, keys: ownerKeys.trusted })
  for (const { entrypoint, message } of catalog.errors)
    log.error({ entrypoint, message }, 'a module of the catalog is broken')
  const registry = await createRegistry({ db, journal, log })
  await registry.register(catalog)
  const secrets = await createSecrets({ db, journal, keyWrap, clock, log })
  const constitution = await createConstitution({ ...lawOf(options), db, journal, clock, log })

  const artifacts = await openArtifactStore(options.artifacts, join(dataDir.path, 'artifacts'))
  const live = createLiveOutput()
  const dispatcher = createDispatcher({
    log,
    recordRefusal: recordRefusalIn(journal),
    keyChain: () => journal.keyChain(),
    onOutput: ({ runId, stepId }, stream, text) => live.publish(runId, { stepId, stream, text }),
    leasing: createLeasing({ lender: secrets, journal: keysOf(journal), clock, log }),
  })
  journal.subscribe(announceRotations(dispatcher))
  const agents = createAgentHost({ isolation, projectRoot: PROJECT_ROOT, log })
  const orchestrator = await createOrchestrator({
    db,
    journal,
    registry,
    gate: constitution,
    performer: dispatcher,
    secretTermsOf: secrets.termsOf,
    agents,
    clock,
    log,
    concurrency: DRIVEN_RUNS,
  })

  const schedules = await openSchedules({ identity, journal, registry, orchestrator, clock, log })

  const reviewsOf = (tenant: string, runId: string) =>
    orchestrator.reviewsOf({ id: 'system:review-webhook', tenant }, runId)
  const webhook =
    options.reviewWebhook && (await openReviewWebhook(options.reviewWebhook, { journal, reviewsOf, clock, log }))

  const erasing = await openErasing({ journal, orchestrator, artifacts, dataDir: dataDir.path, clock, log })
  const witnesses = await openWitnesses(options.witnessPolicy, { journal, tenant: TENANT, clock, log })

  const signIn = openSigningIn({
    db,
    identity,
    journal,
    keyWrap,
    tenant: TENANT,
    publicUrl,
    oidc: options.oidc,
    clock,
    log,
  })
  const app = await createApp({ ...signIn, asksCertificates: options.asksCertificates === true, log })
  orchestratorRoutes(app, orchestrator)
  runRoutes(app, { orchestrator, journal, evidence: createEvidence({ journal, constitution, registry }) })
  replayRoutes(
    app,
    openReplayer({ journal, registry, constitution, orchestrator, isolation, projectRoot: PROJECT_ROOT, log }),
  )
  reviewRoutes(app, orchestrator)
  principalRoutes(app, { identity, sessions: signIn.sessions, links: signIn.links, journal, dispatcher })
  signIn.routes(app)
  secretRoutes(app, secrets)
  catalogRoutes(app, registry)
  constitutionRoutes(app, constitution)
  nodeRoutes(app, dispatcher)
  limitsRoutes(app, orchestrator)
  scheduleRoutes(app, schedules)
  artifactRoutes(app, { artifacts, orchestrator, dispatcher })
  outputRoutes(app, { orchestrator, journal, live })
  logRoutes(app, journal, witnesses)
  erasureRoutes(app, { ...erasing, journal })
  payloadKeyRoutes(app, journal)
  retentionRoutes(app, { ...erasing, journal })
  problemRoutes(app)
  systemRoutes(app, { db, journal, witnesses, orchestrator, constitution, dispatcher, version: VERSION })
  return {
    app,
    close: () =>
      close(db, [
        () => app.close(),
        () => signIn.attempts.close(),
        async () => webhook?.stop(),
        () => erasing.stop(),
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

/** Nodes have to know of a new key before anything is proved with it. */
const announceRotations =
  (dispatcher: Pick<Dispatcher, 'announceKeys'>) =>
  (entries: readonly Entry[]): void => {
    if (entries.some(({ header }) => header.kind === 'journal.key_rotated')) dispatcher.announceKeys()
  }

/** The tokens that the data directory holds are the owner's and those of the node beside the server. */
async function assignTokens(
  identity: Pick<Identity, 'assign'>,
  { ownerToken, nodeToken }: DataDir,
  { trusted }: OwnerKeys,
): Promise<void> {
  await identity.assign(ownerToken, { id: 'user:owner', tenant: TENANT, roles: ['owner'], keys: trusted })
  await identity.assign(nodeToken, { id: LOCAL_NODE, tenant: TENANT, roles: ['node'], keys: [] })
}

/** The journal's keys of a moment, as whoever checks its proofs needs them. */
const keysOf = (journal: Pick<Journal, 'keys'>): { keysAt(nowMs: number): Verifier[] } => ({
  keysAt: (nowMs) =>
    journal
      .keys()
      .filter(({ until }) => until === undefined || Date.parse(until) > nowMs)
      .flatMap(({ key }) => parseVerifier(key) ?? []),
})

const CLOSE_LIMIT_MS = 10_000

/** Closes one after the other; a part that takes too long is left to recovery, which has to work anyway. */
async function close(db: Db, parts: Array<() => Promise<unknown>>): Promise<void> {
  for (const part of parts) {
    // The timer keeps the process: without it, it would end here when a part waits for what never comes.
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_LIMIT_MS)
    })
    await Promise.race([part(), limit])
    clearTimeout(timer)
  }
  await db.close()
}
