import { z } from 'zod'
import { PrincipalId } from './run.ts'

/** Text form of a public key (C2SP signed-note `vkey`): `name+0a1b2c3d+base64`. */
export const VerifierKey = z
  .string()
  .max(300)
  .regex(/^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/, 'must be a verifier key')

export const Role = z.enum([
  'owner',
  'admin',
  'operator',
  'developer',
  'reviewer',
  'auditor',
  'viewer',
  'witness',
  'node',
  'provisioner',
])
export type Role = z.infer<typeof Role>

/** The roles that the owner gives; the others belong to what the server needs itself. */
export const GivenRole = Role.extract(['admin', 'operator', 'developer', 'reviewer', 'auditor', 'viewer', 'witness'])
export type GivenRole = z.infer<typeof GivenRole>

/** What a role of a tenant's own is called. The prefix keeps it apart from roles that the server may have some day. */
export const CustomRoleName = z.templateLiteral(['custom:', z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)])
export type CustomRoleName = z.infer<typeof CustomRoleName>

export const RoleName = z.union([Role, CustomRoleName])
export type RoleName = z.infer<typeof RoleName>

/** The roles that people and services are given. */
export const GrantedRole = z.union([GivenRole, CustomRoleName])
export type GrantedRole = z.infer<typeof GrantedRole>

/** `GET /api/v1/principals` */
export const PrincipalView = z.strictObject({ id: PrincipalId, roles: z.array(RoleName), keys: z.array(VerifierKey) })
export type PrincipalView = z.infer<typeof PrincipalView>

/** Somebody with a role, and the key that signs what they say. */
export const NewPerson = z.strictObject({
  id: PrincipalId.regex(/^user:/, 'must be a user, such as user:alice'),
  roles: z.tuple([GrantedRole]),
  keys: z.array(VerifierKey).min(1).max(4),
})

/** An execution node, which signs nothing. */
const NewNode = z.strictObject({
  id: PrincipalId.regex(/^node:/, 'must be a node, such as node:eu-1'),
  roles: z.tuple([z.literal('node')]),
  keys: z.array(VerifierKey).max(0),
})

/** A program with a role of its own. It signs nothing, and comes in with its API keys only. */
const NewService = z.strictObject({
  id: PrincipalId.regex(/^service:(?!scim$)/, 'must be a service, such as service:ci'),
  roles: z.tuple([GrantedRole]),
  keys: z.array(VerifierKey).max(0),
})

/** The node that runs beside its server; its token is the server's own. */
export const LOCAL_NODE = 'node:local'

/** The identity provider that provisions people by SCIM. */
export const SCIM_PRINCIPAL = 'service:scim'

/** `POST /api/v1/principals` */
export const NewPrincipal = z.union([NewPerson, NewNode, NewService])
export type NewPrincipal = z.input<typeof NewPrincipal>

/** Services have no token. */
export const PrincipalCreated = PrincipalView.extend({ token: z.string().exactOptional() })
export type PrincipalCreated = z.infer<typeof PrincipalCreated>

/** What a person keeps to act: their token, and the key that signs what they decide. */
export const IdentityFile = z.strictObject({
  principal: PrincipalId,
  token: z.string(),
  /** Ed25519 (RFC 8410), as PKCS #8 in PEM. */
  key: z.string(),
})
export type IdentityFile = z.infer<typeof IdentityFile>
