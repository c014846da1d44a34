import { ARTIFACT_REFS_MAX, ArtifactRef, type Json } from '@azora/contracts'

/** The artifacts that an input names, each once; or what is wrong with a reference. */
export function artifactsIn(input: Json): { digests: string[] } | { flaw: string } {
  const digests = new Set<string>()
  const waiting: Json[] = [input]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value === null || typeof value !== 'object') continue
    if (Array.isArray(value) || !Object.hasOwn(value, '$artifact')) {
      waiting.push(...Object.values(value))
      continue
    }
    const reference = ArtifactRef.safeParse(value)
    if (!reference.success)
      return { flaw: 'the input has a $artifact that is no reference: it holds a SHA-256 in hexadecimal' }
    digests.add(reference.data.$artifact)
    if (digests.size > ARTIFACT_REFS_MAX) return { flaw: `the input names more than ${ARTIFACT_REFS_MAX} artifacts` }
  }
  return { digests: [...digests] }
}
