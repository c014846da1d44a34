import type { Db } from '@azora/base/db'

const CLOSE_LIMIT_MS = 10_000

/** Closes one after the other; a part that takes too long is left to recovery, which has to work anyway. */
export async function closeAll(db: Db, parts: Array<() => Promise<unknown>>): Promise<void> {
  for (const part of parts) {
    // The timer keeps the process: without it, it would end here when a part waits for what never comes.
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_LIMIT_MS)
    })
    await Promise.race([part(), limit])
    clearTimeout(timer)
  }
  await db.close()
}
