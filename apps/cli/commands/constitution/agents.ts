import { matchesGlob } from 'node:path/posix'
import type { ChangedFile } from './git.ts'

/** An agent whose decision code changed while none of its tests did. */
export interface UntestedAgent {
  /** Path of its folder; for an agent that is a file by itself, that without its endings. */
  agent: string
  files: string[]
}

const TEST = /\.(test|spec)\.[cm]?[jt]sx?$|\/(__snapshots__|testing|tests?)\//
const PROSE = /\.(md|txt)$/i

/** Agents lie right below the fixed part of the glob. A test that was deleted tests nothing. */
export function untestedAgents(glob: string, changed: readonly ChangedFile[]): UntestedAgent[] {
  const own = changed.filter(({ path }) => matchesGlob(path, glob) && !PROSE.test(path))
  const byAgent = Map.groupBy(own, ({ path }) => agentOf(path, glob))
  return [...byAgent].flatMap(([agent, files]) => {
    const code = files.filter(({ path }) => !TEST.test(path)).map(({ path }) => path)
    const isTested = files.some(({ path, deleted }) => !deleted && TEST.test(path))
    return code.length === 0 || isTested ? [] : [{ agent, files: code.sort() }]
  })
}

function agentOf(path: string, glob: string): string {
  const steps = glob.split('/')
  const fixed = steps.findIndex((step) => /[*?[{]/.test(step))
  const below = path.split('/').slice(0, (fixed < 0 ? steps.length - 1 : fixed) + 1)
  return below.length === path.split('/').length ? path.replace(/\.[^/]*$/, '') : below.join('/')
}
