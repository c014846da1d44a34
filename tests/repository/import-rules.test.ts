import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from './files.ts'

/** One violation each, planted into a copy of the project. A rule that doesn't notice its own is no rule. */
const PLANTED: Array<{ what: string; file: string; text: string; rule: string }> = [
  {
    what: 'a path past a door',
    file: 'services/orchestrator/p1.ts',
    text: "import { extend } from '../journal/draft.ts'\nexport { extend }",
    rule: 'use-the-door',
  },
  {
    what: 'a dynamic import past a door',
    file: 'services/orchestrator/p2.ts',
    text: "export const p2 = () => import('../journal/writer.ts')",
    rule: 'use-the-door',
  },
  {
    what: 'a re-export past a door',
    file: 'services/orchestrator/p3.ts',
    text: "export * from '../skills/registry.ts'",
    rule: 'use-the-door',
  },
  {
    what: 'the server past a door',
    file: 'apps/server/p4.ts',
    text: "import '../../services/journal/writer.ts'",
    rule: 'use-the-door',
  },
  {
    what: 'a package import past a door',
    file: 'apps/server/p5.ts',
    text: "import '@azora/journal/writer.ts'",
    rule: 'nothing-unresolved',
  },
  {
    what: 'an undeclared friend',
    file: 'services/journal/p6.ts',
    text: "import 'no-such-package'",
    rule: 'nothing-unresolved',
  },
  {
    what: 'a neighbour on the same floor',
    file: 'services/skills/p7.ts',
    text: "import '../execution/index.ts'",
    rule: 'floor-3-looks-down-only',
  },
  {
    what: 'a type from an upper floor',
    file: 'services/journal/p8.ts',
    text: "import type { Orchestrator } from '@azora/orchestrator'\nexport type P8 = Orchestrator",
    rule: 'floor-0-looks-down-only',
  },
  {
    what: 'a service without a floor',
    file: 'services/attic/index.ts',
    text: "import 'node:fs'",
    rule: 'every-service-has-a-floor',
  },
  {
    what: 'a process in the wrong hand',
    file: 'services/orchestrator/p10.ts',
    text: "import 'node:child_process'",
    rule: 'one-hand-on-the-process',
  },
  {
    what: 'the database driver in the wrong hand',
    file: 'services/skills/p11.ts',
    text: "import 'pg'",
    rule: 'one-hand-on-the-database-driver',
  },
  {
    what: 'SQL outside the store',
    file: 'services/execution/node/p12.ts',
    text: "import '@azora/base/db'",
    rule: 'sql-lives-in-the-store',
  },
  {
    what: 'the policy engine in the wrong hand',
    file: 'services/orchestrator/p13.ts',
    text: "import '@cedar-policy/cedar-wasm/nodejs'",
    rule: 'one-hand-on-the-law',
  },
  {
    what: 'a client that reaches into the server',
    file: 'apps/cli/p14.ts',
    text: "import '@azora/journal'",
    rule: 'clients-speak-the-contract',
  },
  {
    what: 'a skill that reaches into the platform',
    file: 'catalog/skills/p15.ts',
    text: "import '@azora/base'",
    rule: 'catalog-speaks-the-sdk',
  },
  {
    what: 'base that learns business',
    file: 'packages/base/p16.ts',
    text: "import '@azora/contracts'",
    rule: 'base-knows-no-business',
  },
  {
    what: 'a contract with behaviour',
    file: 'packages/contracts/p17.ts',
    text: "import 'node:crypto'",
    rule: 'contracts-are-pure',
  },
  {
    what: 'a proof that needs the platform',
    file: 'packages/proof/p18.ts',
    text: "import '@azora/base'",
    rule: 'proof-stands-alone',
  },
  {
    what: 'a file system in the verifier of evidence',
    file: 'packages/evidence/p-evidence.ts',
    text: "import 'node:fs'",
    rule: 'evidence-is-checked-anywhere',
  },
  {
    what: 'Node in what checks evidence',
    file: 'packages/proof/p23.ts',
    text: "import { hash } from 'node:crypto'\nexport const p23 = hash",
    rule: 'checking-runs-in-a-browser',
  },
  {
    what: 'a witness that needs the platform',
    file: 'apps/witness/p21.ts',
    text: "import '../server/version.ts'",
    rule: 'witness-stands-apart',
  },
  {
    what: 'code that imports a test',
    file: 'services/journal/p19.ts',
    text: "import './planted.test.ts'",
    rule: 'nothing-imports-a-test',
  },
  {
    what: 'a circle of types',
    file: 'services/journal/p20.ts',
    text: "export type { P21 } from './p21.ts'\nexport type P20 = 1",
    rule: 'no-circular',
  },
]
/** What planted files need in order to exist. */
const BESIDE: Record<string, string> = {
  'services/journal/p21.ts': "export type { P20 } from './p20.ts'\nexport type P21 = 1",
  'services/journal/planted.test.ts': 'export {}',
}
const COPIED = ['packages', 'services', 'apps', 'catalog', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs']

interface Violation {
  from: string
  rule: { name: string }
}

let copy: string

function plant(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), `${text}\n`)
}

/** The packages of others by link, our own as the copies. */
function linkPackages(root: string): void {
  const modules = join(ROOT, 'node_modules')
  mkdirSync(join(root, 'node_modules/@azora'), { recursive: true })
  for (const name of readdirSync(modules)) {
    if (name !== '@azora') symlinkSync(join(modules, name), join(root, 'node_modules', name))
  }
  for (const folder of ['packages', 'services', 'apps']) {
    for (const name of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (name.isDirectory()) symlinkSync(join(root, folder, name.name), join(root, 'node_modules/@azora', name.name))
    }
  }
}

function violationsIn(root: string): Violation[] {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const args = [
    program,
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    'packages',
    'services',
    'apps',
    'catalog',
  ]
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser said: ${stderr}`)
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations
}

describe('the import rules', () => {
  let violations: Violation[] = []

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'azora-rules-'))
    for (const path of COPIED) {
      cpSync(join(ROOT, path), join(copy, path), { recursive: true, filter: (from) => !from.endsWith('/node_modules') })
    }
    linkPackages(copy)
    for (const { file, text } of PLANTED) plant(copy, file, text)
    for (const [file, text] of Object.entries(BESIDE)) plant(copy, file, text)
    violations = violationsIn(copy)
  }, 120_000)
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  it.each(PLANTED)('notice $what', ({ file, rule }) => {
    expect(violations.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule)
  })

  it('find nothing else', () => {
    const planted = new Set([...PLANTED.map(({ file }) => file), ...Object.keys(BESIDE)])
    expect(
      violations.filter(({ from }) => !planted.has(from)).map(({ from, rule }) => `${from}: ${rule.name}`),
    ).toEqual([])
  })
})
