import path from 'node:path'
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'
import { findMarks, MARKS, type MarkKind } from '../lib/marks.ts'
import { readText } from '../lib/read-text.ts'
import { findSecrets } from '../lib/secrets.ts'
import { listTree } from '../lib/tree.ts'
import { resolveDirectory, WorkspacePath } from '../lib/workspace-path.ts'

const MAX_LISTED_FILES = 500_000
const MAX_SCANNED_BYTES = 134_217_728
const MAX_MARKS = 200
const MAX_LARGE = 50
const MAX_SECRETS = 100
const LARGE_BYTES = 1_000_000
/** Larger text is data rather than something that a person wrote. */
const MAX_TEXT_BYTES = 524_288
/** Lists of digests, which look like secrets and aren't. */
const LOCK_FILE =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|[^/]+\.lock|go\.sum)$/

const Place = { file: z.string(), line: z.int() }

interface Findings {
  marks: Array<{ kind: MarkKind; file: string; line: number; text: string }>
  markCounts: Record<MarkKind, number>
  secrets: Array<{ kind: string; file: string; line: number; masked: string }>
  secretCount: number
}

/** Adds what one file holds. Totals go on counting where the lists are full. */
async function scanText(findings: Findings, file: string, text: string): Promise<void> {
  const secrets = await findSecrets(file, text)
  const lines = new Set(secrets.map((secret) => secret.line))
  for (const secret of secrets) {
    findings.secretCount += 1
    if (findings.secrets.length < MAX_SECRETS) findings.secrets.push({ file, ...secret })
  }
  for (const mark of findMarks(text)) {
    findings.markCounts[mark.kind] += 1
    const shown = lines.has(mark.line) ? `${mark.kind} (the line holds a secret)` : mark.text
    if (findings.marks.length < MAX_MARKS) findings.marks.push({ file, ...mark, text: shown })
  }
}

export default defineSkill({
  skillId: 'repo.scan',
  version: '1.1.0',
  title: 'Scan a project',
  description:
    'Finds TODO, FIXME, HACK and XXX marks, files larger than 1 MB and committed secrets in a checkout. A secret is named by kind and place; its value is never given.',
  input: z.strictObject({
    directory: WorkspacePath.default('repo'),
    /** Text files to read at most. */
    maxFiles: z.int().min(1).max(100_000).default(20_000),
  }),
  output: z.strictObject({
    scannedFiles: z.int(),
    scannedBytes: z.int(),
    /** True when limits left files unread. */
    truncated: z.boolean(),
    markCounts: z.record(z.enum(MARKS), z.int()),
    marks: z.array(z.strictObject({ kind: z.enum(MARKS), ...Place, text: z.string() })).max(MAX_MARKS),
    largeCount: z.int(),
    largeFiles: z.array(z.strictObject({ file: z.string(), bytes: z.int() })).max(MAX_LARGE),
    secretCount: z.int(),
    secrets: z.array(z.strictObject({ kind: z.string(), ...Place, masked: z.string() })).max(MAX_SECRETS),
  }),
  effects: ['read'],
  idempotent: true,
  workspace: 'read',
  limits: { wallMs: 300_000 },
  run: async (input, { workspace }) => {
    const directory = await resolveDirectory(workspace, input.directory)
    const tree = await listTree(directory, MAX_LISTED_FILES)
    const large = tree.files.filter((file) => file.bytes > LARGE_BYTES).sort((a, b) => b.bytes - a.bytes)
    const findings: Findings = {
      marks: [],
      markCounts: { TODO: 0, FIXME: 0, HACK: 0, XXX: 0 },
      secrets: [],
      secretCount: 0,
    }
    let [scannedFiles, scannedBytes, truncated] = [0, 0, tree.truncated]
    for (const file of tree.files) {
      if (file.bytes > MAX_TEXT_BYTES || LOCK_FILE.test(file.path)) continue
      if (scannedFiles >= input.maxFiles || scannedBytes + file.bytes > MAX_SCANNED_BYTES) {
        truncated = true
        break
      }
      const text = await readText(path.join(directory, file.path), MAX_TEXT_BYTES)
      if (text === undefined) continue
      scannedFiles += 1
      scannedBytes += file.bytes
      await scanText(findings, file.path, text)
    }
    const largeFiles = large.slice(0, MAX_LARGE).map((file) => ({ file: file.path, bytes: file.bytes }))
    return { scannedFiles, scannedBytes, truncated, ...findings, largeCount: large.length, largeFiles }
  },
})
