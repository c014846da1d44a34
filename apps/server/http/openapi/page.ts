import { escaped, type Page, plainPage } from '../plain-page.ts'
import type { OpenApiContent, OpenApiDocument, OpenApiOperation, OpenApiParameter } from './document.ts'

/** The document as one page that loads nothing: no script, no font, no picture. */
export function referencePage(document: OpenApiDocument): Page {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const groups = document.tags.map(({ name }) => {
    const own = all.filter(({ operation }) => operation.tags[0] === name)
    return `<h2 id="${name}">${name}</h2>${own.map(({ path, method, operation }) => sectionOf(method, path, operation)).join('')}`
  })
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) => `<section id="schema-${name}"><h3>${name}</h3>${schemaHtml(schema)}</section>`,
  )
  const links = all.map(({ operation: { operationId } }) => `<li><a href="#${operationId}">${operationId}</a></li>`)
  return plainPage(
    `${document.info.title} API ${document.info.version}`,
    `<p>For programs: <a href="/api/v1/openapi.json">openapi.json</a>. Every call needs a bearer token unless it says otherwise.</p>
<nav><ul>${links.join('')}</ul></nav>${groups.join('')}<h2 id="schemas">Schemas</h2>${schemas.join('')}`,
  )
}

function sectionOf(method: string, path: string, operation: OpenApiOperation): string {
  const { operationId, summary, parameters = [], requestBody, responses } = operation
  const { 'x-permission': permission, 'x-roles': roles, 'x-scope': scope } = operation
  const of = scope === 'server' ? ' in the server’s own tenant' : ''
  const needs =
    permission === undefined ? 'For anybody' : `Needs <code>${permission}</code>, which ${roles.join(', ')} may${of}`
  const answers = Object.entries(responses).map(
    ([status, { description, content }]) =>
      `<p><strong>${status}</strong> ${escaped(description)}</p>${contentHtml(content)}`,
  )
  return `<section id="${operationId}"><h3>${operationId}</h3><p><code>${method} ${escaped(path)}</code></p>
<p>${escaped(summary)}. ${needs}.</p>${parametersHtml(parameters)}
${requestBody ? `<h4>Body</h4>${contentHtml(requestBody.content)}` : ''}<h4>Answers</h4>${answers.join('')}</section>`
}

function parametersHtml(parameters: readonly OpenApiParameter[]): string {
  if (parameters.length === 0) return ''
  const rows = parameters.map(
    ({ name, in: place, required, description = '', schema }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${place}${required ? ', required' : ''}</td><td>${escaped(description)} ${schemaHtml(schema)}</td></tr>`,
  )
  return `<h4>Parameters</h4><table>${rows.join('')}</table>`
}

const contentHtml = (content: OpenApiContent = {}): string =>
  Object.entries(content)
    .map(
      ([media, { schema, 'x-item-schema': item }]) =>
        `<p><code>${escaped(media)}</code>${item ? ', each event:' : ''}</p>${schemaHtml(item ?? schema)}`,
    )
    .join('')

/** JSON Schema as text, in which names of schemas are links. */
const schemaHtml = (schema: object): string =>
  `<pre>${escaped(JSON.stringify(schema, null, 1)).replaceAll(
    /#\/components\/schemas\/(\w+)/g,
    '<a href="#schema-$1">$1</a>',
  )}</pre>`
