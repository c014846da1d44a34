/** An attribute as `/scim/v2/Schemas` describes it (RFC 7643, section 7). */
export interface ScimAttribute {
  readonly name: string
  readonly type: 'string' | 'boolean' | 'complex' | 'reference' | 'dateTime'
  readonly multiValued: boolean
  readonly description: string
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable'
  readonly returned: 'always' | 'default'
  readonly uniqueness: 'none' | 'server'
  readonly subAttributes?: readonly ScimAttribute[]
}

/** Names of schemas and messages (RFC 7643, section 10.3; RFC 7644, section 10.3). */
export const SCIM_URN = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  config: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  bulk: 'urn:ietf:params:scim:api:messages:2.0:BulkRequest',
  bulkResponse: 'urn:ietf:params:scim:api:messages:2.0:BulkResponse',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
} as const

const attribute = (
  name: string,
  description: string,
  more: Partial<Omit<ScimAttribute, 'name' | 'description'>> = {},
): ScimAttribute => ({
  name,
  type: more.subAttributes ? 'complex' : 'string',
  multiValued: false,
  description,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
})

const READ_ONLY = { mutability: 'readOnly' } as const
const EXACT = { caseExact: true } as const

/** What every resource has (RFC 7643, section 3.1); not part of its schema. */
export const SCIM_COMMON: readonly ScimAttribute[] = [
  attribute('schemas', 'What the resource consists of', {
    ...READ_ONLY,
    ...EXACT,
    multiValued: true,
    returned: 'always',
  }),
  attribute('id', 'What Azora calls it', { ...READ_ONLY, ...EXACT, returned: 'always', uniqueness: 'server' }),
  attribute('externalId', 'What the identity provider calls it', EXACT),
  attribute('meta', 'About the resource', {
    ...READ_ONLY,
    subAttributes: [
      attribute('resourceType', 'What it is', { ...READ_ONLY, ...EXACT }),
      attribute('created', 'When it was made', { ...READ_ONLY, type: 'dateTime' }),
      attribute('lastModified', 'When it was last changed', { ...READ_ONLY, type: 'dateTime' }),
      attribute('location', 'Its address', { ...READ_ONLY, ...EXACT, type: 'reference' }),
      attribute('version', 'Its entity tag', { ...READ_ONLY, ...EXACT }),
    ],
  }),
]

/** The part of the core schema of users that is kept (RFC 7643, section 4.1). */
export const SCIM_USER: readonly ScimAttribute[] = [
  attribute('userName', 'Who it is: the principal user:NAME', { required: true, uniqueness: 'server' }),
  attribute('name', 'The parts of the person’s name', {
    subAttributes: [
      attribute('formatted', 'The whole name'),
      attribute('familyName', 'The family name'),
      attribute('givenName', 'The given name'),
    ],
  }),
  attribute('displayName', 'How the person is shown to others'),
  attribute('active', 'Whether there is such a principal', { type: 'boolean' }),
  attribute('emails', 'Addresses; the primary one is who signs in at the provider', {
    multiValued: true,
    subAttributes: [
      attribute('value', 'The address'),
      attribute('display', 'How it is shown'),
      attribute('type', 'Such as work'),
      attribute('primary', 'Whether it is the one to use', { type: 'boolean' }),
    ],
  }),
  attribute('groups', 'The groups that the person is in', {
    ...READ_ONLY,
    multiValued: true,
    subAttributes: [
      attribute('value', 'The group’s id', { ...READ_ONLY, ...EXACT }),
      attribute('$ref', 'The group’s address', { ...READ_ONLY, ...EXACT, type: 'reference' }),
      attribute('display', 'The group’s name', READ_ONLY),
    ],
  }),
]

/** The core schema of groups (RFC 7643, section 4.2); only users are members. */
export const SCIM_GROUP: readonly ScimAttribute[] = [
  attribute('displayName', 'What the group is called', { required: true, uniqueness: 'server' }),
  attribute('members', 'The users in it', {
    multiValued: true,
    subAttributes: [
      attribute('value', 'The user’s id', { ...EXACT, mutability: 'immutable' }),
      attribute('$ref', 'The user’s address', { ...EXACT, type: 'reference', mutability: 'immutable' }),
      attribute('display', 'The user’s name', READ_ONLY),
      attribute('type', 'Always User', { mutability: 'immutable' }),
    ],
  }),
]
