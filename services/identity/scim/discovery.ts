import {
  SCIM_GROUP,
  SCIM_LIMITS,
  SCIM_URN,
  SCIM_USER,
  type ScimAttribute,
  type ScimDescription,
} from '@azora/contracts'
import { noSuch } from './errors.ts'
import type { Page } from './page.ts'

/** What an identity provider is told before anything else. */
export interface Discovery {
  config(): ScimDescription
  types(): Page<ScimDescription>
  /** Throws `scim_resource_not_found`. */
  type(name: string): ScimDescription
  schemas(): Page<ScimDescription>
  /** Throws `scim_resource_not_found`. */
  schema(urn: string): ScimDescription
}

/** @param base where SCIM is served */
export const createDiscovery = (base: () => string): Discovery => ({
  config: () => serviceConfig(base()),
  types: () => whole(resourceTypes(base())),
  type: (name) => describedAs(resourceTypes(base()), name),
  schemas: () => whole(resourceSchemas(base())),
  schema: (urn) => describedAs(resourceSchemas(base()), urn),
})

/** What of SCIM is served (RFC 7643, section 5). */
const serviceConfig = (base: string): ScimDescription => ({
  schemas: [SCIM_URN.config],
  patch: { supported: true },
  bulk: {
    supported: true,
    maxOperations: SCIM_LIMITS.bulkOperations,
    maxPayloadSize: SCIM_LIMITS.bodyBytes,
  },
  filter: { supported: true, maxResults: SCIM_LIMITS.page },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'The token that azora scim token shows once',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
})

const TYPES = [
  { id: 'User', endpoint: '/Users', description: 'A person', schema: SCIM_URN.user, attributes: SCIM_USER },
  { id: 'Group', endpoint: '/Groups', description: 'People together', schema: SCIM_URN.group, attributes: SCIM_GROUP },
] as const

/** The types of resources (RFC 7643, section 6). */
const resourceTypes = (base: string): ScimDescription[] =>
  TYPES.map(({ id, endpoint, description, schema }) => ({
    schemas: [SCIM_URN.resourceType],
    id,
    name: id,
    endpoint,
    description,
    schema,
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${id}` },
  }))

/** The attributes that are kept (RFC 7643, section 7). */
const resourceSchemas = (base: string): ScimDescription[] =>
  TYPES.map(({ id, description, schema, attributes }) => ({
    schemas: [SCIM_URN.schema],
    id: schema,
    name: id,
    description,
    attributes: attributes.map(described),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${schema}` },
  }))

function describedAs(all: readonly ScimDescription[], id: string): ScimDescription {
  const found = all.find((one) => one.id === id)
  if (found) return found
  throw noSuch('type or schema')
}

const whole = (all: readonly ScimDescription[]): Page<ScimDescription> => ({
  schemas: [SCIM_URN.list],
  totalResults: all.length,
  startIndex: 1,
  itemsPerPage: all.length,
  Resources: [...all],
})

const described = ({ subAttributes, ...attribute }: ScimAttribute): object => ({
  ...attribute,
  ...(attribute.type === 'reference' && { referenceTypes: ['User', 'Group'] }),
  ...(subAttributes && { subAttributes: subAttributes.map(described) }),
})
