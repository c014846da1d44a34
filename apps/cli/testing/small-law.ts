import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const SCHEMA = `
entity Tenant;
entity User, Service, Node, System in [Tenant];
entity Agent in [Tenant] = { name: String, version: String };
entity Skill = { version: String, codeDigest: String };
type RunFacts = {
  actions: Long, deniedInARow: Long, failedInARow: Long, taints: Set<String>, planFindings: Set<String>,
};
action act;
action read, write in [act] appliesTo {
  principal: [User, Service, Agent, Node, System],
  resource: [Skill],
  context: {
    effects: Set<String>, findings: Set<String>, workspace: String, withinScope: Bool, reads: Long, writes: Long,
    hosts: Set<String>, hostCount: Long, onBehalfOf: String, run: RunFacts,
  },
};
`

const BASE = {
  action: {
    runId: '01890a5d-ac96-774b-bcce-b302099a8057',
    stepId: 'step-1',
    tenant: 'acme',
    principal: 'agent:tidy@1.0.0',
    owner: 'user:owner',
    skillId: 'files.read',
    skillVersion: '1.0.0',
    codeDigest: '0'.repeat(64),
    input: {},
    effects: ['read'],
    workspace: 'none',
    resources: { read: [], write: [], hosts: [] },
  },
  scope: { read: ['/srv'], write: [], hosts: [] },
}

/** A policy of Article 2. */
export const forbid = (rule: string, when: string, severity = 'HIGH'): string => `@id("${rule}")
@article("2")
@title("${rule}")
@severity("${severity}")
@remedy("Ask.")
forbid (principal, action in Action::"act", resource) when { ${when} };
`

const PERMIT = `@id("reading")
@article("1")
@title("Reading is free")
@severity("CRITICAL")
@remedy("Ask.")
permit (principal, action == Action::"read", resource);
`

/** A case that reads a number of files. */
export const reads = (count: number, verdict: string, ...rules: string[]): object => ({
  name: `${count} files`,
  action: { resources: { read: Array.from({ length: count }, (_, at) => `/srv/${at}`), write: [], hosts: [] } },
  expect: { verdict, rules },
})

export const caseFile = (article: string, ...cases: object[]): string => JSON.stringify({ article, cases })

/** A constitution that lets agents read, and asks people about more than two files. */
export const SMALL_LAW: Readonly<Record<string, string>> = {
  'constitution/schema.cedarschema': SCHEMA,
  'constitution/thresholds.json': JSON.stringify({ allow: 95, review: 70 }),
  'constitution/articles/01-reading.cedar': PERMIT,
  'constitution/articles/02-measure.cedar': forbid('many_files', 'context.reads > 2'),
  'constitution/cases/base.json': JSON.stringify(BASE),
  'constitution/cases/01-reading.json': caseFile('1', reads(1, 'allow')),
  'constitution/cases/02-measure.json': caseFile('2', reads(3, 'review', 'many_files')),
  'constitution/CONSTITUTION.md':
    '# Law\n\n## Article 0 — No\n\nNo.\n\n## Article 1 — Reading\n\nIt is free.\n\n## Article 2 — Measure\n\nPeople look.\n',
}

/** Writes files below a folder; `null` deletes one. */
export async function writeAll(folder: string, files: Readonly<Record<string, string | null>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await (content === null ? rm(path) : writeFile(path, content))
  }
}
