import type { Session } from '../session.ts'
import { dataDirectoryFinding, diskFinding, secretsKeyFinding, tokenFinding } from './data.ts'
import type { Finding } from './finding.ts'
import { bubblewrapFinding, gitFinding, nodeFinding, postgresFinding } from './machine.ts'
import { serverFindings } from './server.ts'

/** Everything that a machine needs to run Azora, in the order in which one would mend it. */
export async function findings(session: Session): Promise<Finding[]> {
  const { dataDir, env } = session
  const found = await Promise.all([
    nodeFinding(process.versions.node),
    bubblewrapFinding(process.platform),
    gitFinding(),
    postgresFinding(env),
    dataDirectoryFinding(dataDir),
    tokenFinding(dataDir),
    secretsKeyFinding(dataDir),
    diskFinding(dataDir),
    serverFindings(session),
  ])
  return found.flat()
}
