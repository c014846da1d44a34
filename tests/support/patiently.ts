import { ApiError } from '@azora/sdk/client'

/** Tries again for as long as the database is away. */
export async function patiently<T>(work: () => Promise<T>, limitMs = 30_000): Promise<T> {
  const limit = performance.now() + limitMs
  for (;;) {
    try {
      return await work()
    } catch (thrown) {
      if (!mayPass(thrown) || performance.now() > limit) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** Said by a room of the server, or by the server to a client. */
const mayPass = (thrown: unknown): boolean =>
  thrown instanceof ApiError ? thrown.problem.status === 503 : (thrown as { advice?: string }).advice === 'retry'
