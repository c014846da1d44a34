import { readFile } from 'node:fs/promises'
import { AzoraError, toAzoraError } from '@azora/base'
import { parseWitnessPolicy, type WitnessPolicy } from '@azora/proof'

/**
 * Reads the policy (C2SP tlog-policy) that says whose cosignatures are collected. Throws `witness_policy_malformed`, also
 * when it speaks of other logs only.
 *
 * @param logKeys verifier keys of this log
 */
export async function readWitnessPolicy(file: string, logKeys: readonly string[]): Promise<WitnessPolicy> {
  const text = await readFile(file, 'utf8').catch((thrown) => {
    throw malformed(file, `it can't be read: ${toAzoraError(thrown).message}`)
  })
  const { policy, flaw } = parseWitnessPolicy(text)
  if (!policy) throw malformed(file, flaw)
  if (policy.logs.length > 0 && !policy.logs.some(({ key }) => logKeys.includes(key.text)))
    throw malformed(file, `none of its logs is this one, whose key is ${logKeys.at(-1)}`)
  for (const { name, url } of policy.witnesses)
    if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw malformed(file, `the address of ${name} is no http(s) URL`)
  return policy
}

const malformed = (file: string, flaw: string): AzoraError =>
  new AzoraError('fix', 'witness_policy_malformed', `the witness policy ${file} can't be used: ${flaw}`, {
    remedy: 'docs/guides/run-a-witness.md shows one.',
  })
