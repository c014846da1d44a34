import { z } from 'zod'
import { Json } from './json.ts'
import { Timestamp } from './names.ts'
import { GrantedRole } from './principal.ts'

/** How much an identity provider may ask for at one time, and keep here. */
export const SCIM_LIMITS = {
  /** Resources of one page; as many unless asked otherwise. */
  page: 200,
  pageDefault: 100,
  users: 5_000,
  groups: 500,
  members: 5_000,
  bulkOperations: 100,
  bodyBytes: 1024 * 1024,
  filterChars: 2_000,
  filterDepth: 16,
  filterTerms: 64,
} as const

const Text = z.string().max(1_000)
const Schemas = z.array(z.string().max(200)).max(10)
const optional = <T extends z.ZodType>(schema: T) => schema.nullable().exactOptional()

const ScimName = z.strictObject({
  formatted: Text.exactOptional(),
  familyName: Text.exactOptional(),
  givenName: Text.exactOptional(),
})
const ScimEmail = z.strictObject({
  value: Text.exactOptional(),
  display: Text.exactOptional(),
  type: Text.exactOptional(),
  primary: z.boolean().exactOptional(),
})
const ScimReference = z.strictObject({
  value: z.uuid().exactOptional(),
  $ref: z.string().exactOptional(),
  display: Text.exactOptional(),
  type: z.literal('User').exactOptional(),
})
const ScimMeta = z.strictObject({
  resourceType: z.string().exactOptional(),
  created: Timestamp.exactOptional(),
  lastModified: Timestamp.exactOptional(),
  location: z.string().exactOptional(),
  /** A weak entity tag (RFC 9110, section 8.8.3). */
  version: z.string().exactOptional(),
})

/** A person as SCIM shows them (RFC 7643, section 4.1); `id` and `schemas` are there whatever is asked for. */
export const ScimUser = z.strictObject({
  schemas: z.array(z.string()),
  id: z.uuid(),
  externalId: Text.exactOptional(),
  userName: z.string().exactOptional(),
  name: ScimName.exactOptional(),
  displayName: Text.exactOptional(),
  active: z.boolean().exactOptional(),
  emails: z.array(ScimEmail).exactOptional(),
  groups: z.array(ScimReference).exactOptional(),
  meta: ScimMeta.exactOptional(),
})
export type ScimUser = z.infer<typeof ScimUser>

/** A group as SCIM shows it (RFC 7643, section 4.2). */
export const ScimGroup = z.strictObject({
  schemas: z.array(z.string()),
  id: z.uuid(),
  externalId: Text.exactOptional(),
  displayName: Text.exactOptional(),
  members: z.array(ScimReference).exactOptional(),
  meta: ScimMeta.exactOptional(),
})
export type ScimGroup = z.infer<typeof ScimGroup>

/** A person as a provider sends them. Names of members may be in any case; members that are not kept are left out. */
export const NewScimUser = z.looseObject({
  schemas: optional(Schemas),
  userName: optional(z.string()),
  externalId: optional(z.string()),
  displayName: optional(z.string()),
  name: optional(z.looseObject({ formatted: optional(z.string()), familyName: optional(z.string()) })),
  active: optional(z.union([z.boolean(), z.string().max(5)])),
  emails: optional(z.array(z.looseObject({ value: optional(z.string()), primary: optional(z.boolean()) }))),
})

/** A group as a provider sends it. */
export const NewScimGroup = z.looseObject({
  schemas: optional(Schemas),
  displayName: optional(z.string()),
  externalId: optional(z.string()),
  members: optional(z.array(z.looseObject({ value: optional(z.string()) }))),
})

/** Changes of a resource (RFC 7644, section 3.5.2). */
export const ScimPatch = z.looseObject({
  schemas: Schemas,
  Operations: z
    .array(z.looseObject({ op: z.string().max(20), path: optional(z.string()), value: Json.exactOptional() }))
    .min(1)
    .max(SCIM_LIMITS.bulkOperations),
})
export type ScimPatch = z.infer<typeof ScimPatch>

/** What is asked of a list (RFC 7644, section 3.4.2). */
export const ScimListQuery = z.object({
  filter: z.string().exactOptional(),
  sortBy: z.string().max(200).exactOptional(),
  sortOrder: z.enum(['ascending', 'descending']).exactOptional(),
  /** The first of the page, from 1. */
  startIndex: z.coerce.number().int().exactOptional(),
  count: z.coerce.number().int().exactOptional(),
  attributes: z.string().max(1_000).exactOptional(),
  excludedAttributes: z.string().max(1_000).exactOptional(),
})
export type ScimListQuery = z.infer<typeof ScimListQuery>

/** Which attributes are answered (RFC 7644, section 3.9). */
export const ScimShapeQuery = ScimListQuery.pick({ attributes: true, excludedAttributes: true })
export type ScimShapeQuery = z.infer<typeof ScimShapeQuery>

/** On which versions a request holds (RFC 7644, section 3.14). */
export const ScimConditions = z.looseObject({
  'if-match': z.string().max(1_000).exactOptional(),
  'if-none-match': z.string().max(1_000).exactOptional(),
})
export type ScimConditions = z.infer<typeof ScimConditions>

const listOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    schemas: z.array(z.string()),
    totalResults: z.int().min(0),
    startIndex: z.int().min(1),
    itemsPerPage: z.int().min(0),
    Resources: z.array(item),
  })
export const ScimUserList = listOf(ScimUser)
export type ScimUserList = z.infer<typeof ScimUserList>
export const ScimGroupList = listOf(ScimGroup)
export type ScimGroupList = z.infer<typeof ScimGroupList>

/** What went wrong (RFC 7644, section 3.12). */
export const ScimError = z.strictObject({
  schemas: z.array(z.string()),
  /** The HTTP status, as a text. */
  status: z.string(),
  scimType: z.string().exactOptional(),
  detail: z.string(),
})
export type ScimError = z.infer<typeof ScimError>

/** Several changes in one request (RFC 7644, section 3.7). */
export const ScimBulk = z.looseObject({
  schemas: Schemas,
  /** It stops after so many errors; never when absent. */
  failOnErrors: z.int().min(1).exactOptional(),
  Operations: z.array(
    z.looseObject({
      method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
      path: z.string().max(200),
      bulkId: z.string().min(1).max(100).exactOptional(),
      version: z.string().max(200).exactOptional(),
      data: Json.exactOptional(),
    }),
  ),
})
export type ScimBulk = z.infer<typeof ScimBulk>

export const ScimBulkResult = z.strictObject({
  method: z.string(),
  bulkId: z.string().exactOptional(),
  location: z.string().exactOptional(),
  version: z.string().exactOptional(),
  status: z.string(),
  /** What went wrong. */
  response: ScimError.exactOptional(),
})
export type ScimBulkResult = z.infer<typeof ScimBulkResult>
export const ScimBulkResponse = z.strictObject({ schemas: z.array(z.string()), Operations: z.array(ScimBulkResult) })
export type ScimBulkResponse = z.infer<typeof ScimBulkResponse>

/** What the service can do, a type of resource, or a schema (RFC 7643, sections 5 to 7). */
export const ScimDescription = z.looseObject({ schemas: z.array(z.string()) })
export type ScimDescription = z.infer<typeof ScimDescription>
export const ScimDescriptionList = listOf(ScimDescription)

/** A group and the role that its members have by it. */
export const ScimMapping = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  role: GrantedRole.exactOptional(),
  members: z.int(),
})
export type ScimMapping = z.infer<typeof ScimMapping>

/** `GET /api/v1/scim` */
export const ScimStatus = z.strictObject({
  /** What an identity provider is given as its base URL. */
  url: z.string(),
  /** Whether there is a token that is accepted. */
  token: z.boolean(),
  /** Where provisioned people sign in; absent when the server has no provider. */
  issuer: z.string().exactOptional(),
  users: z.strictObject({ active: z.int(), inactive: z.int() }),
  groups: z.array(ScimMapping),
})
export type ScimStatus = z.infer<typeof ScimStatus>

/** `POST /api/v1/scim/token`; nobody can read it again. */
export const ScimToken = z.strictObject({ principal: z.string(), token: z.string() })
export type ScimToken = z.infer<typeof ScimToken>

/** A group by its name, in any case, or its id. */
const GroupName = z.string().min(1).max(1_000)
/** `POST /api/v1/scim/mappings` */
export const MapScimGroup = z.strictObject({ group: GroupName, role: GrantedRole })
export type MapScimGroup = z.infer<typeof MapScimGroup>
/** `POST /api/v1/scim/mappings/remove` */
export const UnmapScimGroup = z.strictObject({ group: GroupName })
export type UnmapScimGroup = z.infer<typeof UnmapScimGroup>
