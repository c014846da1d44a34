export type { ApiKeys } from './api-keys/keys.ts'
export type { Roles } from './custom-roles.ts'
export { createIdentity, createToken, type Identity, isToken } from './identity.ts'
export type { AboutRun } from './permissions/custom.ts'
export {
  explain,
  may,
  mayForSome,
  requirePermission,
  requirePermissionForSome,
  rolesThatMay,
} from './permissions/permissions.ts'
export type { Principal, Role } from './principal.ts'
export { scimErrorOf } from './scim/error-body.ts'
export { createScim, type Scim } from './scim.ts'
export { DEVICE_INTERVAL_SECONDS, DEVICE_SECONDS } from './sign-in/devices.ts'
export type { OidcSettings } from './sign-in/oidc.ts'
export type { Caller, Credential, Resolver } from './sign-in/resolver.ts'
export { csrfTokenOf, isCsrfToken } from './sign-in/sessions.ts'
export { KEY_CACHE_SECONDS } from './sign-in/signing-keys.ts'
export { createSignIn, type SignIn } from './sign-in.ts'
export type { Tenants } from './tenants.ts'
