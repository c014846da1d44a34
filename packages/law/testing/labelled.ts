import { readdirSync, readFileSync } from 'node:fs'
import { Effect, Resources, Severity, Verdict, type VerificationResult } from '@azora/contracts'
import { sha256Hex } from '@azora/proof'
import { z } from 'zod'
import type { Constitution } from '../constitution.ts'
import { RequestChanges, requestFor } from './requests.ts'

const Label = z.strictObject({
  finds: z.boolean(),
  severity: Severity.optional(),
  /** The verdicts that are right. */
  verdict: z.array(Verdict).min(1),
})

const Common = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['attack', 'obfuscation', 'benign', 'look-alike']),
  expect: Label,
})

const Observed = z.strictObject({
  skillId: z.string(),
  effects: z.array(Effect),
  resources: Resources,
  output: z.json(),
})

const LabelledCase = z.union([
  z.strictObject({ ...Common.shape, ...RequestChanges.shape }),
  z.strictObject({ ...Common.shape, observation: Observed }),
  z.strictObject({ ...Common.shape, outputs: z.json(), sources: z.array(z.string()).default([]) }),
])
export type LabelledCase = z.infer<typeof LabelledCase>

const LabelledFile = z.strictObject({ detector: z.string(), cases: z.array(LabelledCase) })
export type LabelledFile = z.infer<typeof LabelledFile>

export function readLabelled(folder: URL): LabelledFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => LabelledFile.parse(fill(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))))
}

export interface Judged {
  rules: string[]
  /** Absent for an observation, on which nobody decides. */
  result?: VerificationResult
}

/** What the constitution makes of a case. */
export function judgeLabelled(constitution: Constitution, example: LabelledCase): Judged {
  if ('observation' in example) {
    return { rules: constitution.inspect(example.observation).reasons.map(({ rule }) => rule) }
  }
  const result =
    'outputs' in example
      ? constitution.verifyOutput({
          runId: '01890a5d-ac96-774b-bcce-b302099a8057',
          tenant: 'acme',
          principal: 'user:owner',
          outputs: example.outputs,
          sources: example.sources.map((text) => ({ digest: sha256Hex(text), text })),
        })
      : constitution.verify(requestFor(example))
  return { rules: result.reasons.map(({ rule }) => rule), result }
}

/** Takes out `{{+}}`, which keeps scanners from taking made-up secrets for real, and fills in digests of sources. */
function fill(value: unknown, sources: readonly unknown[] = []): unknown {
  if (typeof value === 'string') {
    return value
      .replaceAll('{{+}}', '')
      .replace(/\{\{digest:(\d+)\}\}/g, (_, at: string) => sha256Hex(String(fill(sources[Number(at)]))))
  }
  if (Array.isArray(value)) return value.map((child) => fill(child, sources))
  if (typeof value !== 'object' || value === null) return value
  const own = 'sources' in value && Array.isArray(value.sources) ? value.sources : sources
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [fill(key), fill(child, own)]))
}
