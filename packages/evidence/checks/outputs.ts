import type { Subject } from '@azora/contracts'
import { canonical, digestOf } from '@azora/proof/verify'
import type { Flaw } from '../flaw.ts'
import type { Bundle } from '../read.ts'
import { isTold, type Story } from '../story.ts'
import { constitutionSubjects, partiesSubjects, runSubjects } from '../subjects.ts'

/** Outputs have to be what their digests say, and the final output what the agent concluded with. */
export function flawsInOutputs(story: Story): Flaw[] {
  let concluded: string | undefined
  let concludedErased = false
  return story.entries.map((entry): Flaw => {
    const { index, kind } = entry.header
    if (isTold(entry, 'action.finished')) {
      const { output, outputDigest } = entry.payload.outcome
      if (outputDigest !== undefined && (output === undefined || digestOf(output) !== outputDigest))
        return `the output of entry ${index} is not that of its digest`
    }
    if (kind === 'agent.concluded' && entry.payload === undefined) concludedErased = true
    if (isTold(entry, 'agent.concluded')) concluded = canonical(entry.payload.outputs)
    if (isTold(entry, 'run.validated') && !concludedErased && canonical(entry.payload.outputs) !== concluded)
      return `entry ${index} validates another output than the one that was concluded with`
    return undefined
  })
}

/** Each statement has to name what it holds by its digest, and nothing else. */
export function flawsInSubjects({ run, constitutions, parties }: Bundle): Flaw[] {
  return [
    flawInSubject('run', run.statement.subject, runSubjects(run.statement.predicate)),
    ...constitutions.map(({ statement }) =>
      flawInSubject('constitution', statement.subject, constitutionSubjects(statement.predicate)),
    ),
    parties &&
      flawInSubject('people and code', parties.statement.subject, partiesSubjects(parties.statement.predicate)),
  ]
}

function flawInSubject(about: string, named: readonly Subject[], held: readonly Subject[]): Flaw {
  if (canonical(named) === canonical(held)) return undefined
  const at = held.findIndex((subject, place) => canonical(subject) !== canonical(named[place] ?? null))
  const which = held[at]?.name ?? named[held.length]?.name ?? 'one'
  return `the subjects of the statement about the ${about} are not what it holds: ${which}`
}
