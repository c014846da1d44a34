import { listOperations } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { openApiDocument } from './document.ts'
import { referenceInMarkdown } from './markdown.ts'
import { referencePage } from './page.ts'
import { problemsInMarkdown } from './problems-markdown.ts'

const document = openApiDocument(listOperations(), '0.0.0')
const text = JSON.stringify(document)

describe('the document', () => {
  it('refers only to what it holds, and holds only what it refers to', () => {
    const referred = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name))
    expect([...referred].sort()).toEqual(Object.keys(document.components.schemas).sort())
    expect(text).not.toContain('__shared')
  })

  it('names each operation once and each of its path’s parameters', () => {
    const all = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, operation })),
    )
    expect(all).toHaveLength(listOperations().length)
    expect(new Set(all.map(({ operation }) => operation.operationId)).size).toBe(all.length)
    for (const { path, operation } of all) {
      const named = operation.parameters?.flatMap((parameter) => (parameter.in === 'path' ? parameter.name : [])) ?? []
      expect([path, named.sort()]).toEqual([path, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()])
    }
  })

  it('tells what is sent from what is answered, where a default makes them differ', () => {
    const { ManageRequestInput, AgentRun } = document.components.schemas
    expect(JSON.stringify(ManageRequestInput)).toContain('"default":5')
    expect(AgentRun).toMatchObject({ required: expect.arrayContaining(['priority']) })
  })
})

describe('the page', () => {
  const { html, headers } = referencePage(document)
  it('has a section for each operation and each schema that a link leads to', () => {
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
    expect(targets.length).toBeGreaterThan(100)
    expect(targets.filter((id) => !ids.has(id))).toEqual([])
  })

  it('loads nothing and runs nothing', () => {
    expect(/<(script|img|link|iframe)|<[^>]* (src|style|on[a-z]+)=|@import|url\(/i.exec(html)?.[0]).toBeUndefined()
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
  })
})

it('docs/reference/api.md is what the contract says; vitest -u writes it', async () => {
  await expect(referenceInMarkdown(document)).toMatchFileSnapshot('../../../../docs/reference/api.md')
})

it('docs/reference/errors.md is what the catalogue says; vitest -u writes it', async () => {
  await expect(problemsInMarkdown()).toMatchFileSnapshot('../../../../docs/reference/errors.md')
})
