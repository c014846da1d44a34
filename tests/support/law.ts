import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ActivateRequest, ActivationStatement, ConstitutionFiles } from '@azora/contracts'
import { digestOfLaw, lawFilesOf } from '@azora/law'
import { createSigner, type Signer, signStatement } from '@azora/proof'

export const newOwner = (): Signer => createSigner('azora/owner', generateKeyPairSync('ed25519').privateKey)

const SCHEMA = readFileSync(new URL('../../constitution/schema.cedarschema', import.meta.url), 'utf8')
const THRESHOLDS = readFileSync(new URL('../../constitution/thresholds.json', import.meta.url), 'utf8')
const ANNOTATIONS = '@severity("CRITICAL") @remedy("Do something else.")'

/** A small constitution: everything is permitted, but for what `forbids` say. */
export const lawWith = (...forbids: string[]): ConstitutionFiles => [
  { name: 'schema.cedarschema', text: SCHEMA },
  { name: 'thresholds.json', text: THRESHOLDS },
  {
    name: 'articles/01-all.cedar',
    text: `@id("everything") @article("1") @title("Everything is permitted") ${ANNOTATIONS} permit (principal, action, resource);`,
  },
  ...forbids.map((text, at) => ({ name: `articles/${10 + at}-no.cedar`, text })),
]

/** Forbids one skill; HIGH sends it to people. */
export const forbidSkill = (skill: string, severity: 'CRITICAL' | 'HIGH' = 'CRITICAL', article = 2): string =>
  `@id("no_${skill.replaceAll(/\W/g, '_')}") @article("${article}") @title("No ${skill}") @severity("${severity}") @remedy("Do something else.")
forbid (principal, action in Action::"act", resource == Skill::"${skill}");`

/** What the owner sends to put a law in force. */
export function activation(
  owner: Signer,
  files: ConstitutionFiles,
  after: { sequence: number; digest?: string },
  change: Partial<ActivationStatement> = {},
): ActivateRequest {
  const statement: ActivationStatement = {
    type: 'azora.constitution.v1',
    constitution: digestOfLaw(lawFilesOf(files)),
    sequence: after.sequence + 1,
    previous: after.digest ?? null,
    at: '2026-01-01T00:00:00.000Z',
    withoutCases: true,
    ...change,
  }
  return { ...signStatement(statement, owner), files }
}
