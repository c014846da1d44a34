import type { OpenApiContent, OpenApiDocument, OpenApiOperation } from './document.ts'

/** The document as a page of Markdown: what there is; its schemas are in the document itself. */
export function referenceInMarkdown({ paths, tags }: OpenApiDocument): string {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const groups = tags.map(({ name }) => {
    const own = all.filter(({ operation }) => operation.tags[0] === name)
    return `## ${name}\n\n${own.map(({ method, path, operation }) => sectionOf(method, path, operation)).join('\n')}`
  })
  return `# API reference

Generated from the contract. A running server has the same with every schema at \`/api/v1/reference\`, and for programs as
OpenAPI 3.1 at \`/api/v1/openapi.json\`. How to call it: [HTTP API](../guides/http-api.md).

${groups.join('\n')}`
}

function sectionOf(method: string, path: string, operation: OpenApiOperation): string {
  const { operationId, summary, parameters = [], requestBody, responses } = operation
  const { 'x-permission': permission, 'x-roles': roles, 'x-scope': scope } = operation
  const needs =
    permission === undefined
      ? 'anybody'
      : `\`${permission}\`: ${roles.join(', ')}${scope === 'server' ? ' of the server’s own tenant' : ''}`
  const lines = [
    ...parameters.map(
      ({ name, in: place, required, description }) =>
        `- \`${name}\` in the ${place}${required ? '' : ', optional'}${description === undefined ? '' : `: ${description}`}`,
    ),
    ...(requestBody ? [`- body: ${contentOf(requestBody.content)}`] : []),
    ...Object.entries(responses).map(([status, { description, content = {} }]) =>
      'application/problem+json' in content || Object.keys(content).length === 0
        ? `- ${status} ${description}`
        : `- ${status} ${contentOf(content)}`,
    ),
  ]
  return `### ${operationId}

\`${method} ${path}\` · ${needs}

${summary}.${deprecationOf(operation)}

${lines.join('\n')}
`
}

const deprecationOf = ({ deprecated, 'x-sunset': sunset }: OpenApiOperation): string =>
  deprecated ? ` Deprecated${sunset === undefined ? '' : `; it ends at ${sunset}`}.` : ''

const contentOf = (content: OpenApiContent): string =>
  Object.entries(content)
    .map(([media, { schema, 'x-item-schema': item }]) => `${nameOf(item ?? schema)}\`${media}\``)
    .join(' or ')

function nameOf({ $ref }: Record<string, unknown>): string {
  return typeof $ref === 'string' ? `\`${$ref.split('/').at(-1)}\`, ` : ''
}
