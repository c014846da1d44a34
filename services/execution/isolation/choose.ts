import { createIsolation } from './bubblewrap.ts'
import { createNoIsolation } from './none.ts'
import type { Isolation } from './port.ts'
import { createSeatbelt } from './seatbelt/seatbelt.ts'

/** What keeps code: the platform's sandbox, or, if somebody says so in as many words, nothing. */
export type IsolationMode = 'sandbox' | 'none'

/** Throws `isolation_unavailable` where there is no sandbox and nobody said that there needs to be none. */
export async function chooseIsolation(mode: IsolationMode, projectRoot: string): Promise<Isolation> {
  if (mode === 'none') return createNoIsolation()
  return process.platform === 'darwin' ? createSeatbelt({ projectRoot }) : createIsolation({ projectRoot })
}
