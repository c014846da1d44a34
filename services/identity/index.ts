export { createIdentity, createToken, type Identity, isToken } from './identity.ts'
export { type Principal, type Role, requireRole } from './principal.ts'
