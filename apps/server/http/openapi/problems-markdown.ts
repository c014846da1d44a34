import { type ProblemEntry, problemTopics } from '@azora/contracts'

/** The error catalogue as a page of Markdown. */
export function problemsInMarkdown(): string {
  const topics = Object.entries(problemTopics).map(([topic, entries]) => {
    const rows = Object.entries<ProblemEntry>(entries)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, { status, cause, remedy }]) => `| \`${code}\` | ${status} | ${cause} | ${remedy} |`)
    return `## ${topic}\n\n| code | status | cause | remedy |\n|---|---|---|---|\n${rows.join('\n')}\n`
  })
  return `# Error codes

Every error has a code that never changes its meaning. Over HTTP it comes as problem details (RFC 9457): \`code\`, \`detail\`
about this case, a \`remedy\`, and a \`type\` that leads to the code's page on the server (\`/problems/CODE\`). The status is
HTTP's. Generated from the catalogue.

${topics.join('\n')}`
}
