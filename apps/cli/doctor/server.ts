import type { Health } from '@azora/contracts'
import { localServer } from '@azora/sdk/client'
import { complaintOf } from '../exit.ts'
import type { Session } from '../session.ts'
import type { Finding } from './finding.ts'

/** The server, and what only a running one can say: its database and its nodes. */
export async function serverFindings(session: Session): Promise<Finding[]> {
  const name = 'server'
  if (session.remoteUrl === undefined && !(await localServer(session.dataDir))) {
    return [{ name, level: 'warn', detail: 'not running', mend: 'Start it with ./azora up.' }]
  }
  try {
    const health = await (await session.client()).status()
    return [
      { name, level: 'ok', detail: `answers, version ${health.version}` },
      databaseFinding(health),
      nodesFinding(health),
      ...witnessingFindings(health),
    ]
  } catch (error) {
    const { message, remedy } = complaintOf(error)
    return [{ name, level: 'fail', detail: message, ...(remedy === undefined ? {} : { mend: remedy }) }]
  }
}

/** Nothing where no witnesses are asked. */
function witnessingFindings({ witnessing }: Health): Finding[] {
  if (!witnessing) return []
  const name = 'witnesses'
  const problems = witnessing.witnesses.filter(({ problem }) => problem !== undefined)
  const said = problems.map((witness) => `${witness.name} ${witness.state}: ${witness.problem}`).join('; ')
  const contradicted = witnessing.witnesses.some(({ state }) => state === 'contradicts')
  if (contradicted)
    return [
      {
        name,
        level: 'fail',
        detail: said,
        mend: 'The log was rewritten, cut or replaced: azora audit verify, and the evidence that the witness keeps.',
      },
    ]
  if (witnessing.holds)
    return [
      {
        name,
        level: problems.length === 0 ? 'ok' : 'warn',
        detail: said || `${witnessing.rule} cosign`,
        ...(said && { mend: MEND }),
      },
    ]
  return [
    { name, level: 'fail', detail: `${witnessing.rule} is not met since ${witnessing.since}: ${said}`, mend: MEND },
  ]
}

const MEND = 'Ask those who run them, or change AZORA_WITNESS_POLICY: docs/guides/run-a-witness.md.'

function databaseFinding({ database }: Health): Finding {
  if (database === 'ok') return { name: 'database', level: 'ok', detail: 'answers' }
  return {
    name: 'database',
    level: 'fail',
    detail: database,
    mend: "Look at the server's log; it reconnects by itself.",
  }
}

function nodesFinding({ nodes }: Health): Finding {
  if (nodes.length === 0) {
    return {
      name: 'nodes',
      level: 'fail',
      detail: 'none is connected',
      mend: 'Start one with ./azora node, or use ./azora up.',
    }
  }
  const detail = nodes
    .map(({ node, capacity, isolation }) => `${node} (${capacity} at one time, ${isolation})`)
    .join(', ')
  const bare = nodes.filter(({ isolation }) => isolation === 'none').length
  if (bare > 0) {
    const mend =
      'Start nodes without --isolation none where there is a sandbox: skills run with all rights of the node.'
    return { name: 'nodes', level: 'fail', detail: `${detail}; WITHOUT ISOLATION: ${bare}`, mend }
  }
  return { name: 'nodes', level: 'ok', detail }
}
