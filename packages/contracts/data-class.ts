import type { EntryKind } from './entry.ts'
import type { DataClass } from './erasure.ts'

/** The class of a kind's payloads, or why they are kept for as long as the log is. */
export type Erasability = { class: DataClass } | { kept: string }

const EMPTY = 'its payload is empty; the header says all'
const WHO = 'it says who may act and with which key: signatures are checked against it'
const TENANT = 'it says which tenants there are; the server starts runs by it'
const SIGN_IN = 'it says who came in or was kept out, never with what'
const KEY = 'it says which API keys there were and what they allowed, never a key'
const ERASURE = 'it says what was erased, by whom and under which rule'
const SECRET = 'it says which secrets there were and for which hosts, never a value'
const WEBHOOK = 'it says who outside was told of which events, never what happened, nor a secret'
const SCHEDULE = 'the server starts runs by it, and must know after a crash which it has started'
const CODE = 'it names the code that actions were performed with, by digest'

const CATALOG = 'the versions that a run uses follow from it'

/** Every kind of entry, so that a new one has to say what its payload is. */
export const DATA_CLASSES: Readonly<Record<EntryKind, Erasability>> = {
  'run.scheduled': { class: 'inputs-and-plans' },
  'run.started': { kept: EMPTY },
  'agent.recognized': { class: 'inputs-and-plans' },
  'plan.proposed': { class: 'inputs-and-plans' },
  'agent.concluded': { class: 'observations-and-outputs' },
  'action.verified': { class: 'verdicts' },
  'action.invalid': { class: 'verdicts' },
  'action.started': { class: 'verdicts' },
  'action.finished': { class: 'observations-and-outputs' },
  'action.refused': { class: 'refusals' },
  'run.signalled': { class: 'inputs-and-plans' },
  'compensation.begun': { class: 'inputs-and-plans' },
  'child.ended': { class: 'controls' },
  'budget.reached': { class: 'controls' },
  'dependencies.settled': { class: 'controls' },
  'wait.begun': { class: 'controls' },
  'wait.ended': { class: 'observations-and-outputs' },
  'review.requested': { class: 'reviews' },
  'review.decided': { class: 'reviews' },
  'review.expired': { class: 'reviews' },
  'review.notified': { kept: 'it holds a position and a count' },
  'run.paused': { class: 'controls' },
  'run.resumed': { kept: 'it names a run and a budget at most' },
  'run.migrated': { class: 'controls' },
  'run.skills_migrated': { class: 'controls' },
  'run.cancel_requested': { class: 'controls' },
  'run.cancelled': { kept: EMPTY },
  'run.validated': { class: 'observations-and-outputs' },
  'run.succeeded': { kept: EMPTY },
  'run.failed': { class: 'observations-and-outputs' },
  'principal.added': { kept: WHO },
  'principal.removed': { kept: WHO },
  'principal.changed': { kept: WHO },
  'principal.key_added': { kept: WHO },
  'role.created': { kept: WHO },
  'role.removed': { kept: WHO },
  'scim.mapped': { kept: WHO },
  'scim.unmapped': { kept: WHO },
  'tenant.created': { kept: TENANT },
  'tenant.suspended': { kept: TENANT },
  'tenant.resumed': { kept: TENANT },
  'session.started': { kept: SIGN_IN },
  'session.ended': { kept: SIGN_IN },
  'sign_in.failed': { kept: SIGN_IN },
  'sign_in.linked': { kept: SIGN_IN },
  'sign_in.unlinked': { kept: SIGN_IN },
  'sign_in.key_rotated': { kept: SIGN_IN },
  'key.created': { kept: KEY },
  'key.rotated': { kept: KEY },
  'key.revoked': { kept: KEY },
  'schedule.created': { kept: SCHEDULE },
  'schedule.paused': { kept: SCHEDULE },
  'schedule.resumed': { kept: SCHEDULE },
  'schedule.removed': { kept: SCHEDULE },
  'schedule.due': { kept: SCHEDULE },
  'schedule.queued': { kept: SCHEDULE },
  'schedule.skipped': { kept: SCHEDULE },
  'schedule.refused': { kept: SCHEDULE },
  'secret.put': { kept: SECRET },
  'secret.rotated': { kept: SECRET },
  'secret.revoked': { kept: SECRET },
  'secret.removed': { kept: SECRET },
  'secret.leased': { class: 'verdicts' },
  'secret.used': { class: 'observations-and-outputs' },
  'lease.ended': { class: 'observations-and-outputs' },
  'webhook.created': { kept: WEBHOOK },
  'webhook.changed': { kept: WEBHOOK },
  'webhook.rotated': { kept: WEBHOOK },
  'webhook.paused': { kept: WEBHOOK },
  'webhook.resumed': { kept: WEBHOOK },
  'webhook.disabled': { kept: WEBHOOK },
  'webhook.replayed': { kept: WEBHOOK },
  'webhook.removed': { kept: WEBHOOK },
  'journal.key_rotated': {
    kept: 'it leads from an older key of the journal to a newer one: checkpoints are checked with it',
  },
  'witness.refused': { kept: 'it says that somebody saw another log: whoever rewrote it must not erase that' },
  'journal.payload_key_rotated': { kept: 'it names a key by a random number, and is no business of anybody' },
  'catalog.offered': { kept: CATALOG },
  'skill.registered': { kept: CODE },
  'agent.registered': { kept: CODE },
  'constitution.activated': { kept: 'it names the law by which verdicts were made; the server takes up the last one' },
  'erasure.requested': { kept: ERASURE },
  'erasure.completed': { kept: ERASURE },
  'retention.set': { kept: 'it is the rule by which payloads are erased' },
  'limits.set': { kept: 'it says how runs are admitted; the server takes up the last one' },
  'retention.removed': { kept: 'it ends the rule by which payloads were erased' },
}

/** Undefined for kinds whose payloads are kept. */
export function dataClassOf(kind: EntryKind): DataClass | undefined {
  const erasability = DATA_CLASSES[kind]
  return 'class' in erasability ? erasability.class : undefined
}
