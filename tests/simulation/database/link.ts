import { AzoraError } from '@azora/base'
import type { Loop, Machine } from '../engine/loop.ts'

/** What becomes of one question to the database. */
export interface Fate {
  toMs: number
  backMs: number
  /** `refused`: it never arrives; `lost`: it is done, and the answer says that nobody knows. */
  fails?: 'refused' | 'lost' | undefined
  /** The server dies before it asks, while the question is on its way, or when it is done and the answer isn't there yet. */
  dies?: 'before' | 'asking' | 'done' | undefined
}

/** Asks the database something, as one server does. */
export type Ask = <T>(name: string, work: () => T, onAnswer?: (result: T) => void) => Promise<T>

/** @param fateOf asked for each question */
export function createAsk(loop: Loop, server: Machine, database: Machine, fateOf: (name: string) => Fate): Ask {
  return (name, work, onAnswer) =>
    new Promise((resolve, reject) => {
      const { toMs, backMs, fails, dies } = fateOf(name)
      if (dies === 'before') server.kill()
      if (!server.alive) return
      const answer = (give: () => void): void => void loop.after(backMs, server, `${name} answered`, give)
      if (fails === 'refused') return answer(() => reject(away()))
      loop.after(toMs, database, name, () => {
        try {
          const result = work()
          if (dies === 'done') server.kill()
          if (fails === 'lost') answer(() => reject(away()))
          else
            answer(() => {
              onAnswer?.(result)
              resolve(result)
            })
        } catch (thrown) {
          answer(() => reject(thrown))
        }
      })
      if (dies === 'asking') loop.after(toMs / 2, server, 'dies', () => server.kill())
    })
}

const away = (): AzoraError =>
  new AzoraError('retry', 'database_unreachable', 'the database is away', { retryAfterMs: 200 })
