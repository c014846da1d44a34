import { operations, type ScimGroup, type ScimUser } from '@azora/contracts'
import type { Scim } from '@azora/identity'
import type { FastifyReply } from 'fastify'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { config, types, type, schemas, schema, bulk: sendBulk } = operations.provisioning
const { listUsers, createUser, getUser, replaceUser, patchUser, removeUser } = operations.provisioning
const { listGroups, createGroup, getGroup, replaceGroup, patchGroup, removeGroup } = operations.provisioning

/** SCIM 2.0 (RFC 7644) for identity providers. What is to be answered is read before anything changes. */
export function provisioningRoutes(app: App, { users, groups, bulk, discovery }: Scim): void {
  serve(app, config, async () => discovery.config())
  serve(app, types, async () => discovery.types())
  serve(app, type, async ({ params }) => discovery.type(params.name))
  serve(app, schemas, async () => discovery.schemas())
  serve(app, schema, async ({ params }) => discovery.schema(params.urn))
  serve(app, sendBulk, ({ principal, body }) => bulk(principal, body))
  userRoutes(app, users)
  groupRoutes(app, groups)
}

function userRoutes(app: App, users: Scim['users']): void {
  serve(app, listUsers, ({ principal, query }) => users.list(principal, query))
  serve(app, createUser, async ({ principal, query, body }, reply) => {
    const shape = users.shape(query)
    return shape(tagged(reply, await users.create(principal, body)))
  })
  serve(app, getUser, async ({ principal, params, query, headers }, reply) => {
    const user = await users.get(principal, params.resourceId, headers)
    return user ? users.shape(query)(tagged(reply, user)) : reply.code(304).send()
  })
  serve(app, replaceUser, async ({ principal, params, query, headers, body }, reply) => {
    const shape = users.shape(query)
    return shape(tagged(reply, await users.replace(principal, params.resourceId, body, headers)))
  })
  serve(app, patchUser, async ({ principal, params, query, headers, body }, reply) => {
    const shape = users.shape(query)
    return shape(tagged(reply, await users.patch(principal, params.resourceId, body, headers)))
  })
  serve(app, removeUser, async ({ principal, params, headers }) => {
    await users.remove(principal, params.resourceId, headers)
    return null
  })
}

function groupRoutes(app: App, groups: Scim['groups']): void {
  serve(app, listGroups, ({ principal, query }) => groups.list(principal, query))
  serve(app, createGroup, async ({ principal, query, body }, reply) => {
    const shape = groups.shape(query)
    return shape(tagged(reply, await groups.create(principal, body)))
  })
  serve(app, getGroup, async ({ principal, params, query, headers }, reply) => {
    const group = await groups.get(principal, params.resourceId, headers)
    return group ? groups.shape(query)(tagged(reply, group)) : reply.code(304).send()
  })
  serve(app, replaceGroup, async ({ principal, params, query, headers, body }, reply) => {
    const shape = groups.shape(query)
    return shape(tagged(reply, await groups.replace(principal, params.resourceId, body, headers)))
  })
  serve(app, patchGroup, async ({ principal, params, query, headers, body }, reply) => {
    const shape = groups.shape(query)
    return shape(tagged(reply, await groups.patch(principal, params.resourceId, body, headers)))
  })
  serve(app, removeGroup, async ({ principal, params, headers }) => {
    await groups.remove(principal, params.resourceId, headers)
    return null
  })
}

/** With the headers that say what it is (RFC 7644, sections 3.3 and 3.14). */
function tagged<R extends ScimUser | ScimGroup>(reply: FastifyReply, resource: R): R {
  const { version, location } = resource.meta ?? {}
  if (version !== undefined) reply.header('etag', version)
  if (location !== undefined) reply.header('location', location)
  return resource
}
