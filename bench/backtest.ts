// How fast recorded verdicts are judged again, beside reading the same entries without judging them:
//   node bench/backtest.ts [entries]
// The journal lies in a real PostgreSQL; requests are all different. One line of JSON for each figure.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { silentLog, systemClock, uuidv7 } from '@azora/base'
import { createDb } from '@azora/base/db'
import { createConstitution } from '@azora/constitution'
import { type Action, type EntryPayload, FRESH_RUN } from '@azora/contracts'
import { createJournal, type Journal } from '@azora/journal'
import { openLaw, readConstitution } from '@azora/law'
import { createSigner } from '@azora/proof'
import { startEmbedded } from '../apps/server/database/embedded.ts'

const ENTRIES = Number(process.argv[2] ?? 50_000)
const FOLDER = fileURLToPath(new URL('../constitution', import.meta.url))
const SCOPE = { read: ['/srv/docs'], write: ['/srv/repo'], hosts: ['example.org'] }
const NOTHING = { read: [], write: [], hosts: [] }

// Of different names, as one module can't export a name twice.
const LINES = Array.from(
  { length: 8 },
  (_, at) => `export const add${at} = (left: number, right: number): number => left + right + ${at}\n`,
).join('')

/** Four kinds of work in turn, each with arguments of its own. */
const KINDS: ReadonlyArray<(at: number) => Pick<Action, 'skillId' | 'input' | 'effects' | 'resources'>> = [
  (at) => ({
    skillId: 'workspace.read-file',
    input: { path: `packages/part-${at}/index.ts` },
    effects: ['read'],
    resources: NOTHING,
  }),
  (at) => ({
    skillId: 'workspace.write-file',
    input: { path: `docs/page-${at}.md`, content: `# Page ${at}\n\n${'Plain words about nothing much. '.repeat(30)}` },
    effects: ['write'],
    resources: NOTHING,
  }),
  (at) => ({
    skillId: 'http.get',
    input: { url: `https://example.org/items/${at}?page=${at % 7}` },
    effects: ['external'],
    resources: { ...NOTHING, hosts: ['example.org'] },
  }),
  (at) => ({
    skillId: 'workspace.write-file',
    input: { path: `src/module-${at}.ts`, content: `// Module ${at}\n${LINES}` },
    effects: ['write'],
    resources: NOTHING,
  }),
]

function actionAt(at: number, runId: string): Action {
  const kind = KINDS[at % KINDS.length] as (typeof KINDS)[number]
  return {
    runId,
    stepId: `step-${at}`,
    tenant: 'default',
    principal: `agent:worker-${at % 5}@1.0.0`,
    owner: 'user:owner',
    skillVersion: '1.0.0',
    codeDigest: '0'.repeat(64),
    workspace: 'write',
    ...kind(at),
  }
}

async function fill(journal: Journal): Promise<void> {
  const law = await openLaw({ folder: FOLDER, log: silentLog })
  for (let from = 0; from < ENTRIES; from += 2_000) {
    const runId = uuidv7(Date.now())
    const batch = Array.from({ length: Math.min(2_000, ENTRIES - from) }, (_, at) => {
      const action = actionAt(from + at, runId)
      const judged = { scope: SCOPE, declaredSkills: [action.skillId], run: { ...FRESH_RUN, actions: at % 50 } }
      const result = law.verify({ action, ...judged })
      const payload: EntryPayload<'action.verified'> = { action, result, judged }
      return journal.append({ kind: 'action.verified', tenant: 'default', actor: 'system:bench', run: runId, payload })
    })
    await Promise.all(batch)
  }
}

/** Reads and parses what a backtest reads, and judges nothing. Entries per second. */
async function readAll(journal: Journal): Promise<number> {
  const startedMs = performance.now()
  let after = -1
  let count = 0
  for (;;) {
    const page = await journal.scan(['run.scheduled', 'action.verified', 'run.validated'], after)
    for (const { payload } of page) JSON.parse(payload ?? 'null')
    count += page.length
    const last = page.at(-1)
    if (!last) return (count * 1000) / (performance.now() - startedMs)
    after = last.index
  }
}

const report = (name: string, value: number): void =>
  void process.stdout.write(`${JSON.stringify({ name, value: Number(value.toPrecision(4)) })}\n`)

const folder = await mkdtemp(join(tmpdir(), 'azb-'))
const server = await startEmbedded(folder, silentLog)
const db = createDb({ connection: server.connection, max: 4, log: silentLog })
try {
  const signer = createSigner('azora/bench', generateKeyPairSync('ed25519').privateKey)
  const journal = await createJournal({ db, signer, clock: systemClock, log: silentLog, onFenced: () => {} })
  const seed = { folder: FOLDER }
  const constitution = await createConstitution({
    db,
    journal,
    ownerKeys: [],
    seed,
    log: silentLog,
    clock: systemClock,
  })
  await fill(journal)
  const files = await readConstitution(FOLDER)
  await constitution.backtest({ files, examples: 0 })
  const [reads, tests]: [number[], number[]] = [[], []]
  for (let round = 0; round < 3; round += 1) {
    reads.push(await readAll(journal))
    const { judged, unchanged, skipped, durationMs } = await constitution.backtest({ files, examples: 0 })
    if (judged !== ENTRIES || unchanged !== judged || skipped !== 0) process.stderr.write('verdicts changed\n')
    tests.push((judged * 1000) / durationMs)
  }
  const best = (figures: number[]): number => Math.max(...figures)
  report('entries', ENTRIES)
  report('read.entriesPerSecond', best(reads))
  report('backtest.verificationsPerSecond', best(tests))
  report('backtest.timesTheTimeOfReading', best(reads) / best(tests))
  report('memory.rssMiB', process.memoryUsage().rss / 2 ** 20)
  await journal.close()
} finally {
  await db.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
