import { z } from 'zod'
import { Tenant } from '../run.ts'
import { NewTenant, TenantCreated, TenantView } from '../tenant.ts'
import { operation } from './operation.ts'

const Params = z.strictObject({ tenant: Tenant })

/** Whose runs, people and secrets are kept apart. */
export const tenants = {
  list: operation({
    method: 'GET',
    path: '/api/v1/tenants',
    summary: 'Every tenant',
    permission: 'tenant.read',
    scope: 'server',
    responses: { 200: z.strictObject({ items: z.array(TenantView) }) },
  }),
  create: operation({
    method: 'POST',
    path: '/api/v1/tenants',
    summary: 'Make a tenant and who administers it; the answer holds their token, which nobody can read again',
    permission: 'tenant.create',
    scope: 'server',
    body: NewTenant,
    answersSecret: true,
    problems: ['tenant_exists', 'tenants_too_many'],
    responses: { 201: TenantCreated },
  }),
  suspend: operation({
    method: 'POST',
    path: '/api/v1/tenants/{tenant}/suspend',
    summary: 'Let nobody of a tenant in, and start none of its runs; those that have started go on',
    permission: 'tenant.suspend',
    scope: 'server',
    params: Params,
    problems: ['tenant_not_found', 'tenant_protected'],
    responses: { 200: TenantView },
  }),
  resume: operation({
    method: 'POST',
    path: '/api/v1/tenants/{tenant}/resume',
    summary: 'Let a suspended tenant go on where it stands',
    permission: 'tenant.suspend',
    scope: 'server',
    params: Params,
    problems: ['tenant_not_found'],
    responses: { 200: TenantView },
  }),
}
