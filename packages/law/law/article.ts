import { AzoraError } from '@azora/base'
import { Severity } from '@azora/contracts'
import { policySetTextToParts, policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import { z } from 'zod'
import type { LawFile } from './files.ts'

/** One policy of the law. */
export interface Article {
  /** Number of the article, such as `4`; several policies may belong to one. */
  article: string
  rule: string
  title: string
  /** How grave it is when it forbids. Acting without a permit is always CRITICAL. */
  severity: Severity
  remedy: string
  effect: 'permit' | 'forbid'
  /** How many people have to approve what it forbids, where it leads to a review. */
  quorum: number
  /** True when a layer may replace it, drop it, or permit more under its article. */
  adjustable: boolean
}

/** An article with its Cedar text. */
export interface Policy extends Article {
  text: string
}

/** Rules that the gate itself reports. */
const RESERVED = ['no_permit', 'gate_error', 'policy_error', 'detector_failed', 'constitution_unavailable']

const Annotations = z.strictObject({
  id: z
    .string()
    .max(60)
    .regex(/^[a-z][a-z0-9_]*$/)
    .refine((id) => !RESERVED.includes(id), 'is a rule of the gate itself'),
  article: z.string().regex(/^[1-9]\d{0,3}$/, 'must be the number of the article'),
  title: z.string().min(1).max(200),
  severity: Severity,
  remedy: z.string().min(1).max(300),
  quorum: z
    .string()
    .regex(/^[1-9]$/, 'must be a number from 1 to 9')
    .exactOptional(),
  adjustable: z.literal('yes', 'must be "yes", or left out').exactOptional(),
})

/** The policies of one file, which all belong to the same article. Throws `law_invalid`. */
export function readPolicies({ name, text }: LawFile): Policy[] {
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure') throw invalid(`${name}: ${parts.errors.map((error) => error.message).join('; ')}`)
  if (parts.policy_templates.length > 0) throw invalid(`${name}: templates are not part of the law`)
  const policies = parts.policies.map((policy) => readPolicy(name, policy))
  const numbers = new Set(policies.map(({ article }) => article))
  if (numbers.size !== 1) throw invalid(`${name}: a file holds one article, this one holds ${numbers.size}`)
  return policies
}

function readPolicy(name: string, text: string): Policy {
  const answer = policyToJson(text)
  if (answer.type === 'failure') throw invalid(`${name}: ${answer.errors.map((error) => error.message).join('; ')}`)
  const { effect, annotations } = answer.json
  const read = Annotations.safeParse(annotations ?? {})
  if (!read.success) {
    const flaws = read.error.issues.map(({ path, message }) => `@${path.join('.')} ${message}`)
    throw invalid(`${name}: policy ${annotations?.id ?? 'without @id'}: ${flaws.join('; ')}`)
  }
  const { id, quorum, adjustable, ...rest } = read.data
  if (effect === 'permit' && quorum)
    throw invalid(`${name}: policy ${id}: only a forbid leads to a review, so only it may have a @quorum`)
  if (effect === 'permit' && rest.severity !== 'CRITICAL') {
    throw invalid(`${name}: policy ${id}: acting without a permit is always CRITICAL, so @severity must say so`)
  }
  return { ...rest, rule: id, effect, text, quorum: Number(quorum ?? 1), adjustable: adjustable === 'yes' }
}

export const invalid = (message: string): AzoraError =>
  new AzoraError('fix', 'law_invalid', message, { remedy: 'Correct the constitution and start again.' })
