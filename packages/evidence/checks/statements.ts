import type { Flaw } from '../flaw.ts'
import type { Bundle } from '../read.ts'

/** The statement about the run names all others, so that none is missing, added, exchanged or moved. */
export function flawInStatements({ run, lines }: Bundle): Flaw {
  const { parts } = run.statement.predicate
  const others = lines.slice(1)
  for (const [at, { digest }] of others.entries()) {
    if (digest !== parts[at]) return `line ${at + 2} is not the statement that the run's statement names there`
  }
  return others.length === parts.length ? undefined : `${parts.length - others.length} statements are missing`
}
