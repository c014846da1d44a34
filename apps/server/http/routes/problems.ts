import { AzoraError } from '@azora/base'
import { operations, type ProblemEntry, problemOf, problemTopics } from '@azora/contracts'
import type { App } from '../app.ts'
import { escaped, plainPage } from '../plain-page.ts'
import { serve } from '../serve.ts'

const { problem, problems } = operations.system

/** What error codes mean, where `type` of a problem leads. */
export function problemRoutes(app: App): void {
  const sections = Object.entries(problemTopics).map(
    ([topic, entries]) => `<h2>${topic}</h2>${Object.entries<ProblemEntry>(entries).map(sectionOf).join('')}`,
  )
  const all = plainPage('Error codes', sections.join(''))
  serve(app, problems, async (_call, reply) =>
    reply.type('text/html; charset=utf-8').headers(all.headers).send(all.html),
  )
  serve(app, problem, async ({ params: { code } }, reply) => {
    const entry = problemOf(code)
    if (!entry) throw new AzoraError('missing', 'problem_not_found', `there is no error code ${code}`)
    const { html, headers } = plainPage(code, textOf(entry))
    return reply.type('text/html; charset=utf-8').headers(headers).send(html)
  })
}

const sectionOf = ([code, entry]: [string, ProblemEntry]): string =>
  `<section id="${code}"><h3><a href="/problems/${code}">${code}</a></h3>${textOf(entry)}</section>`

const textOf = ({ status, cause, remedy }: ProblemEntry): string =>
  `<p>Status ${status}. ${inline(cause)}</p><p>${inline(remedy)}</p>`

const inline = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
