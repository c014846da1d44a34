import { readdirSync, readFileSync } from 'node:fs'
import { Verdict } from '@azora/contracts'
import { z } from 'zod'
import { FAKE_SECRETS, LOOK_ALIKES } from './fake-secrets.ts'
import { CONSTITUTION, RequestChanges } from './requests.ts'

const Expected = z.strictObject({ verdict: Verdict, rules: z.array(z.string()) })

const Case = z.union([
  RequestChanges.extend({ name: z.string(), expect: Expected }),
  z.strictObject({ name: z.string(), outputs: z.json(), expect: Expected }),
])

const CaseFile = z.strictObject({ article: z.string(), cases: z.array(Case).min(1) })
export type CaseFile = z.infer<typeof CaseFile>

/** The examples of `constitution/cases`, with each `{{name}}` replaced by that made-up secret or look-alike. */
export function readCases(): CaseFile[] {
  const folder = new URL('cases/', CONSTITUTION)
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'base.json')
  return names.sort().map((name) => CaseFile.parse(fill(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))))
}

function fill(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\{\{([a-z-]+)\}\}/g, (_, name: string) => secret(name))
  if (Array.isArray(value)) return value.map(fill)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [fill(key), fill(child)]))
}

function secret(name: string): string {
  const text = FAKE_SECRETS[name] ?? LOOK_ALIKES[name]
  if (text === undefined) throw new RangeError(`no made-up secret is called ${name}`)
  return text
}
