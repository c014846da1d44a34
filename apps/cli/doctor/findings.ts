import { loginFile } from '../login-file.ts'
import type { Session } from '../session.ts'
import { dataDirectoryFinding, diskFinding } from './data.ts'
import type { Finding } from './finding.ts'
import { bubblewrapFinding, gitFinding, nodeFinding, postgresFinding } from './machine.ts'
import { privateFilesFinding } from './private-files.ts'
import { serverFindings } from './server.ts'
import { settingsFindings } from './settings.ts'

/** Everything that a machine needs to run Azora, in the order in which one would mend it. */
export async function findings(session: Session): Promise<Finding[]> {
  const { dataDir, env } = session
  const found = await Promise.all([
    nodeFinding(process.versions.node),
    bubblewrapFinding(process.platform),
    gitFinding(),
    postgresFinding(env),
    dataDirectoryFinding(dataDir),
    privateFilesFinding(dataDir, [loginFile(env), ...(env.AZORA_IDENTITY ? [env.AZORA_IDENTITY] : [])]),
    diskFinding(dataDir),
    settingsFindings(session),
    serverFindings(session),
  ])
  return found.flat()
}
