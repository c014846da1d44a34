import { join } from 'node:path'
import { expect, it } from 'vitest'
import { GUARDS, type Guard } from './attempt.ts'
import { ATTEMPTS } from './attempts/index.ts'
import { HELD, NODE } from './attempts/node.ts'

const PAGE = join(import.meta.dirname, '../../../docs/concepts/escape-suite.md')

const INTRODUCTION = `# The escape suite

Programs that try to get out of a sandbox, run in the real one. Each has to be contained, and the guard that is named has to
be what stopped it: the answer of the system is the guard's, or the attempt is ended for the named limit. A guard marked * is
also taken away in a second run, in which the same program succeeds or is answered in another way; "also" names a guard behind
it that answers the same. The data is in \`services/execution/escape/attempts\`; this page is made from it:
\`npx vitest run services/execution/escape --update\`.
`

interface Row {
  name: string
  tries: string
  guard: Guard
  second?: Guard
  breach?: string
  without?: unknown
}

function row({ name, tries, guard, second, breach, without }: Row): string {
  const stopped = `${breach ? `limit \`${breach}\`` : GUARDS[guard]}${without ? ' *' : ''}`
  return `| ${name} | ${tries} | ${stopped}${second ? `; also ${GUARDS[second]}` : ''} |`
}

it('is documented as it is', async () => {
  const subjects: Array<[string, readonly Row[]]> = [
    ...Object.entries(ATTEMPTS),
    ['the node around the sandbox', [...NODE, HELD]],
  ]
  const count = subjects.flatMap(([, rows]) => rows).length
  const tables = subjects.map(
    ([subject, rows]) =>
      `## ${subject[0]?.toUpperCase()}${subject.slice(1)}\n\n| attempt | what it tries | stopped by |\n|---|---|---|\n${rows.map(row).join('\n')}\n`,
  )
  await expect(`${INTRODUCTION}\n${count} attempts.\n\n${tables.join('\n')}`).toMatchFileSnapshot(PAGE)
})
