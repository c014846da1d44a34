/** Tries again for as long as the database is away. */
export async function patiently<T>(work: () => Promise<T>, limitMs = 30_000): Promise<T> {
  const limit = performance.now() + limitMs
  for (;;) {
    try {
      return await work()
    } catch (thrown) {
      if ((thrown as { advice?: string }).advice !== 'retry' || performance.now() > limit) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
