import type {
  ActivateRequest,
  BacktestRequest,
  CustomRoleName,
  LinkPrincipal,
  MapScimGroup,
  NewCustomRole,
  NewPrincipal,
  NewSchedule,
  NewSecret,
  NewTenant,
  Right,
  RoleName,
  RotateSecret,
  SetLimitsRequest,
  UnmapScimGroup,
} from '@azora/contracts'
import type { z } from 'zod'
import type { Api } from './api.ts'
import { type BacktestCallOptions, followBacktest } from './backtest.ts'
import type { CallOptions, Transport } from './transport.ts'

/** What there is and who may act: the catalogue, nodes, principals, secrets and the law. */
export const adminMethods = (transport: Transport, api: Api) => ({
  /** Answers without a token, as long as the server serves. */
  healthy: async (call?: CallOptions) => (await api.system.health({}, call)).status === 'ok',
  status: (call?: CallOptions) => api.system.status({}, call),
  skills: async (call?: CallOptions) => (await api.skills.list({}, call)).items,
  /** @param version the newest when absent */
  skill: (skillId: string, version?: string, call?: CallOptions) =>
    api.skills.get({ params: { skillId }, query: { version } }, call),
  agents: async (call?: CallOptions) => (await api.agents.list({}, call)).items,
  agent: (agentId: string, call?: CallOptions) => api.agents.get({ params: { agentId } }, call),
  nodes: async (call?: CallOptions) => (await api.nodes.list({}, call)).items,
  /** Gives the node nothing more; it finishes what it has. */
  drainNode: (node: string, call?: CallOptions) => api.nodes.drain({ params: { node } }, call),
  resumeNode: (node: string, call?: CallOptions) => api.nodes.resume({ params: { node } }, call),
  /** The limits by which runs are accepted and admitted. */
  limits: (call?: CallOptions) => api.limits.show({}, call),
  budgets: (call?: CallOptions) => api.limits.budgets({}, call),
  setLimits: (body: SetLimitsRequest, call?: CallOptions) => api.limits.set({ body }, call),
  schedules: async (call?: CallOptions) => (await api.schedules.list({}, call)).items,
  schedule: (name: string, call?: CallOptions) => api.schedules.get({ params: { name } }, call),
  addSchedule: (body: NewSchedule, call?: CallOptions) => api.schedules.create({ body }, call),
  pauseSchedule: (name: string, call?: CallOptions) => api.schedules.pause({ params: { name } }, call),
  resumeSchedule: (name: string, call?: CallOptions) => api.schedules.resume({ params: { name } }, call),
  /** Starts a run now. Repeat it with an idempotency key. */
  triggerSchedule: (name: string, call?: CallOptions) => api.schedules.trigger({ params: { name } }, call),
  removeSchedule: (name: string, call?: CallOptions) => api.schedules.remove({ params: { name } }, call),
  tenants: async (call?: CallOptions) => (await api.tenants.list({}, call)).items,
  /** The answer holds the token of who administers it; nobody can read it again. */
  addTenant: (body: NewTenant, call?: CallOptions) => api.tenants.create({ body }, call),
  suspendTenant: (tenant: string, call?: CallOptions) => api.tenants.suspend({ params: { tenant } }, call),
  resumeTenant: (tenant: string, call?: CallOptions) => api.tenants.resume({ params: { tenant } }, call),
  principals: async (call?: CallOptions) => (await api.principals.list({}, call)).items,
  /** @param resource id of a run, or of a review for what is about reviews; about all things of the kind when absent */
  can: (principalId: string, action: Right, resource?: string, call?: CallOptions) =>
    api.principals.can({ params: { principalId }, query: { action, resource } }, call),
  roles: async (call?: CallOptions) => (await api.roles.list({}, call)).items,
  role: (role: RoleName, call?: CallOptions) => api.roles.get({ params: { role } }, call),
  addRole: (body: z.input<typeof NewCustomRole>, call?: CallOptions) => api.roles.create({ body }, call),
  removeRole: (role: CustomRoleName, call?: CallOptions) => api.roles.remove({ params: { role } }, call),
  addPrincipal: (body: NewPrincipal, call?: CallOptions) => api.principals.add({ body }, call),
  removePrincipal: (principalId: string, call?: CallOptions) =>
    api.principals.remove({ params: { principalId } }, call),
  /** Who signs in at the OpenID Connect provider as whom. */
  links: async (call?: CallOptions) => (await api.oidc.links({}, call)).items,
  linkPrincipal: (principalId: string, body: LinkPrincipal, call?: CallOptions) =>
    api.oidc.link({ params: { principalId }, body }, call),
  unlinkPrincipal: (principalId: string, call?: CallOptions) => api.oidc.unlink({ params: { principalId } }, call),
  secret: (name: string, call?: CallOptions) => api.secrets.get({ params: { name } }, call),
  /** Whether an identity provider provisions people, and what its groups give. */
  scimStatus: (call?: CallOptions) => api.scim.status({}, call),
  /** A new token for the identity provider; nobody can read it again. */
  scimToken: (call?: CallOptions) => api.scim.token({}, call),
  revokeScimToken: (call?: CallOptions) => api.scim.revoke({}, call),
  mapScimGroup: (body: MapScimGroup, call?: CallOptions) => api.scim.map({ body }, call),
  unmapScimGroup: (body: UnmapScimGroup, call?: CallOptions) => api.scim.unmap({ body }, call),
  secrets: async (call?: CallOptions) => (await api.secrets.list({}, call)).items,
  /** Nobody can read the value again. */
  putSecret: (body: z.input<typeof NewSecret>, call?: CallOptions) => api.secrets.put({ body }, call),
  rotateSecret: (name: string, body: z.input<typeof RotateSecret>, call?: CallOptions) =>
    api.secrets.rotate({ params: { name }, body }, call),
  /** Ends every version and every lease at once. */
  revokeSecret: (name: string, call?: CallOptions) => api.secrets.revoke({ params: { name } }, call),
  removeSecret: (name: string, call?: CallOptions) => api.secrets.remove({ params: { name } }, call),
  /** The newest leases, the newest first. */
  secretUses: async (name: string, call?: CallOptions) => (await api.secrets.uses({ params: { name } }, call)).items,
  /** The law in force. */
  constitution: (call?: CallOptions) => api.constitution.get({}, call),
  /** Every activation, newest first. */
  constitutionVersions: async (call?: CallOptions) => (await api.constitution.versions({}, call)).items,
  constitutionFiles: async (digest: string, call?: CallOptions) =>
    (await api.constitution.files({ params: { digest } }, call)).items,
  activateConstitution: (body: ActivateRequest, call?: CallOptions) => api.constitution.activate({ body }, call),
  /** What the recorded verdicts would have been under a draft; nothing is done. */
  backtestConstitution: (request: BacktestRequest, call?: BacktestCallOptions) =>
    followBacktest(transport, '/api/v1/constitution/backtest', request, call),
})
