import { conflict, forbidden, missing } from './entry.ts'

/** Tenants, and what only the server's own may do. */
export const tenants = {
  server_only: forbidden(
    'The operation is about the server itself, which all tenants share; the caller belongs to another tenant than the server’s.',
    'Ask whoever looks after the server.',
  ),
  tenant_suspended: forbidden('The caller’s tenant is suspended.', 'Ask whoever looks after the server to resume it.'),
  tenant_not_found: missing('There is no such tenant.', 'List them: `azora tenant list`.'),
  tenant_exists: conflict('There is such a tenant already.', 'Choose another name.'),
  tenant_protected: conflict('The server’s own tenant can’t be suspended.', 'Leave it.'),
  tenants_too_many: conflict('The server has as many tenants as it may.', 'Start another server for the next ones.'),
  tenant_role_missing: forbidden(
    'The database user may not act as the role `azora_tenant`, by which the database keeps tenants apart.',
    'As a superuser: `create role azora_tenant nologin; grant azora_tenant to USER`.',
  ),
}
