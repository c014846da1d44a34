import { join } from 'node:path'

/** Where things lie in a state directory. */
export const placesIn = (state: string): { logs: string; findings: string } => ({
  logs: join(state, 'logs'),
  findings: join(state, 'findings'),
})
