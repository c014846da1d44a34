import { listOperations } from '@azora/contracts'
import { signStatement } from '@azora/proof'
import { erasureOf } from './erasing.ts'
import { decisionOf } from './people.ts'
import { ADMIN, type TestTenant, type Things } from './tenants.ts'

/** A request that names things. */
export interface Ask {
  params?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: unknown
}

type Caller = Pick<TestTenant, 'admin'>
type Row = (things: Things, caller: Caller) => Ask[]

const none: Row = () => [{}]
const ofRun: Row = ({ run }) => [{ params: { runId: run } }]
const ofSecret: Row = ({ secret }) => [{ params: { name: secret } }]
const ofSchedule: Row = ({ schedule }) => [{ params: { name: schedule } }]
const ofWebhook: Row = ({ webhook }) => [{ params: { name: webhook } }]
const ofKey: Row = ({ key }) => [{ params: { keyId: key } }]
const ofRole: Row = ({ role }) => [{ params: { role } }]
const ofPrincipal: Row = ({ principal }) => [{ params: { principalId: principal } }]
const ofArtifact: Row = ({ run, artifact }) => [{ params: { runId: run, digest: artifact } }]
const ofUpload: Row = ({ artifact }) => [{ params: { digest: artifact } }]
const SHARD = { shard: 'test' }
const inLog =
  (query?: Record<string, string>): Row =>
  () => [{ params: SHARD, ...(query && { query }) }]
const WORK = { skillId: 'text.measure', input: { text: 'mine' } }

/** Of what an identity provider keeps, nothing is made here: ids that nothing has. */
const PROVISIONING = Object.fromEntries(
  listOperations()
    .filter(({ group }) => group === 'scim' || group === 'provisioning')
    .map(({ group, name }): [string, Row] => [`${group}.${name}`, ({ run }) => [{ params: { resourceId: run } }]]),
)

/** By operation, requests of somebody for the given things: of another tenant, or of nobody. */
export const REQUESTS: Readonly<Record<string, Row>> = {
  'orchestrator.manage': ({ run, reviewedRun, idempotencyKey }) => [
    ...['cancel', 'pause', 'resume', 'retry'].flatMap((operation) =>
      [run, reviewedRun].map((runId) => ({ body: { operation, runId } })),
    ),
    { body: { operation: 'fork', runId: run, from: 'a' } },
    { body: { operation: 'restart', runId: run } },
    { body: { operation: 'migrate', runId: reviewedRun, agentVersion: '1.0.0' } },
    {
      body: {
        operation: 'create',
        agentId: 'repo-steward',
        input: { repository: '/srv/mine' },
        after: [{ run, when: 'ended' }],
      },
    },
    {
      body: { operation: 'create', agentId: 'repo-steward', input: { repository: '/srv/mine' } },
      headers: { 'idempotency-key': `of ${idempotencyKey}` },
    },
  ],
  'orchestrator.execute': ({ idempotencyKey, secret }) => [
    { body: WORK, headers: { 'idempotency-key': idempotencyKey } },
    { body: { skillId: 'http.get', input: { url: 'https://api.example.org/', credential: secret } } },
  ],
  'orchestrator.plan': ({ idempotencyKey }) => [
    {
      body: { plan: { steps: [{ id: 'a', skill: 'text.measure', input: { text: 'mine' }, after: [] }] } },
      headers: { 'idempotency-key': `plan ${idempotencyKey}` },
    },
  ],
  'orchestrator.verify': ({ secret }) => [
    { body: { skillId: 'http.get', input: { url: 'https://api.example.org/', credential: secret } } },
  ],
  'runs.list': ({ run }) => [{}, { query: { cursor: run } }, { query: { cursor: run, order: 'oldest', limit: '1' } }],
  'runs.get': ofRun,
  'runs.actions': ofRun,
  'runs.entries': ofRun,
  'runs.events': ofRun,
  'runs.output': ofRun,
  'runs.evidence': ofRun,
  'runs.replay': ({ run }) => [{ params: { runId: run }, body: {} }],
  'runs.signal': ({ run, idempotencyKey }) => [
    { params: { runId: run }, body: { name: 'go' }, headers: { 'idempotency-key': idempotencyKey } },
  ],
  'runs.artifact': ofArtifact,
  // It names nothing that is there; references to what another tenant has handed over are tried in large-files.test.ts.
  'artifacts.put': () => [],
  'artifacts.list': none,
  'artifacts.get': ofUpload,
  'artifacts.remove': ofUpload,
  'replays.start': none,
  'reviews.list': none,
  'reviews.get': ({ review }) => [{ params: { reviewId: review } }],
  'reviews.decide': ({ review }, { admin }) =>
    (['approve', 'deny'] as const).map((decision) => ({
      params: { reviewId: review },
      body: decisionOf(admin, { reviewId: review, actionDigest: 'a'.repeat(64) }, decision),
    })),
  'skills.list': none,
  'skills.get': () => [{ params: { skillId: 'text.measure' } }],
  'agents.list': none,
  'agents.get': () => [{ params: { agentId: 'repo-steward' } }],
  'schedules.list': none,
  'schedules.get': ofSchedule,
  'schedules.pause': ofSchedule,
  'schedules.resume': ofSchedule,
  'schedules.trigger': ofSchedule,
  'schedules.remove': ofSchedule,
  'schedules.create': ({ schedule }) => [
    { body: { name: schedule, cron: '0 0 1 1 *', agentId: 'repo-steward', input: { repository: '/srv/mine' } } },
  ],
  'principals.list': none,
  'principals.get': ofPrincipal,
  'principals.can': ({ principal, run, review }) => [
    { params: { principalId: principal }, query: { action: 'run.read' } },
    { params: { principalId: ADMIN }, query: { action: 'run.read', resource: run } },
    { params: { principalId: ADMIN }, query: { action: 'review.read', resource: review } },
  ],
  'principals.remove': ofPrincipal,
  'principals.add': ({ principal }, { admin }) => [{ body: { id: principal, roles: ['viewer'], keys: admin.keys } }],
  'roles.list': none,
  'roles.get': ofRole,
  'roles.remove': ofRole,
  'roles.create': ({ role }) => [{ body: { name: role, may: ['run.read'] } }],
  'signIn.link': none,
  'signIn.token': () => [{ body: {} }],
  'sessions.current': none,
  'sessions.signOut': none,
  'sessions.addSigningKey': ({ session }, { admin }) => [
    {
      body: signStatement(
        { type: 'azora.signing-key.v1', principal: ADMIN, tenant: 'beta', sessionId: session },
        admin.signer,
      ),
    },
  ],
  'sessions.list': none,
  'sessions.end': ({ session }) => [{ params: { sessionId: session } }],
  'sessions.endAll': ({ principal }) => [{ body: { principal } }],
  'devices.show': ({ userCode }) => [{ params: { userCode } }],
  'devices.decide': ({ userCode }) => [{ params: { userCode }, body: { decision: 'deny' } }],
  'oidc.links': none,
  'oidc.link': ({ principal, email }) => [{ params: { principalId: principal }, body: { email } }],
  'oidc.unlink': ofPrincipal,
  'secrets.list': none,
  'secrets.get': ofSecret,
  'secrets.uses': ofSecret,
  'secrets.revoke': ofSecret,
  'secrets.rotate': ({ secret }) => [{ params: { name: secret }, body: { value: 'another-value-2' } }],
  'secrets.remove': ofSecret,
  'secrets.put': ({ secret }) => [{ body: { name: secret, value: 'another-value-1', hosts: ['api.example.org'] } }],
  'webhooks.list': none,
  'webhooks.get': ofWebhook,
  'webhooks.create': ({ webhook }) => [{ body: { name: webhook, url: 'https://hooks.example.org/mine' } }],
  'webhooks.update': ({ webhook }) => [{ params: { name: webhook }, body: { url: 'https://hooks.example.org/mine' } }],
  'webhooks.pause': ofWebhook,
  'webhooks.resume': ofWebhook,
  'webhooks.rotate': ofWebhook,
  'webhooks.remove': ofWebhook,
  'webhooks.deliveries': ofWebhook,
  'webhooks.replay': ({ webhook }) => [{ params: { name: webhook }, body: { since: '2026-01-01T00:00:00Z' } }],
  'webhooks.test': ofWebhook,
  ...PROVISIONING,
  // It takes no id: whoever asks first ends what their own tenant has.
  'scim.revoke': () => [],
  'keys.list': none,
  'keys.create': ({ principal }) => [{ body: { name: 'mine', scopes: ['run.read'], principal } }],
  'keys.get': ofKey,
  'keys.rotate': ({ key }) => [{ params: { keyId: key }, body: {} }],
  'keys.revoke': ofKey,
  'constitution.get': none,
  'constitution.versions': none,
  'constitution.files': () => [{ params: { digest: 'a'.repeat(64) } }],
  'journal.keys': none,
  'journal.checkpoint': inLog(),
  'journal.checkpoints': inLog(),
  'journal.witnesses': inLog(),
  'journal.inclusionProof': inLog({ index: '0' }),
  'journal.consistencyProof': inLog({ from: '1' }),
  'journal.entryProof': () => [{ params: { ...SHARD, index: '0' } }],
  'journal.tile': () => [{ params: { ...SHARD, tile: '0/000.p/1' } }],
  'erasures.preview': ({ run, principal, index }) =>
    [
      { by: 'run', runId: run },
      { by: 'subject', subject: principal },
      { by: 'entries', entries: [[Number(index), Number(index)]] },
    ].map((selection) => ({ params: SHARD, body: { selection } })),
  'erasures.erase': ({ run, index }, { admin }) => [
    {
      params: SHARD,
      body: erasureOf(admin, {
        shard: 'azora/test',
        selection: { by: 'run', runId: run },
        entries: [[Number(index), Number(index)]],
        digest: 'a'.repeat(64),
        ...{ count: 1, byKind: [], runs: [], runCount: 1, kept: [], openRuns: [], more: false },
      }),
    },
  ],
  'erasures.list': inLog(),
  'erasures.get': ({ run }) => [{ params: { ...SHARD, erasureId: run } }],
}
