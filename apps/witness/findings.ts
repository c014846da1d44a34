import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Log, timestamp, writeWhole } from '@azora/base'
import { z } from 'zod'

/** What was refused because it doesn't fit what was cosigned, as it is kept for others to check. */
export const Finding = z.strictObject({
  type: z.literal('azora.witness-finding.v1'),
  kind: z.enum(['contradiction', 'unproved']),
  origin: z.string(),
  at: z.iso.datetime(),
  why: z.string(),
  /** Signed note of the checkpoint that was cosigned last. */
  seen: z.string(),
  /** Signed note of the checkpoint that was refused. */
  shown: z.string(),
  /** The consistency proof that came with it, hashes in base64. */
  proof: z.array(z.string()),
  /** When the log proved again that it continues what was cosigned; only for what was `unproved`. */
  settledAt: z.iso.datetime().exactOptional(),
})
export type Finding = z.infer<typeof Finding>

export interface KeptFinding extends Finding {
  file: string
}

/** A finding that still speaks against the log. */
export const isOpen = ({ settledAt }: Finding): boolean => settledAt === undefined

export interface FindingStore {
  /** Keeps a finding once, however often it is shown. */
  keep(name: string, finding: Omit<Finding, 'type' | 'at'>): Promise<void>
  /** The log continues what was cosigned: bad proofs that came before were not its doing. */
  settle(origin: string): Promise<void>
}

/**
 * How many files there may be of a kind; more are said in the log and not kept. Anybody can bring about the unproved ones, so
 * they take no room from contradictions, which only a holder of the log's key can.
 */
const KEPT_MAX = { contradiction: 1_000, unproved: 100 }
const FILE_MODE = 0o644

export async function openFindings(
  folder: string,
  { now, log }: { now: () => number; log: Log },
): Promise<FindingStore> {
  const kept = new Map((await readFindings(folder)).map((finding) => [finding.file, finding]))
  const write = async (finding: KeptFinding): Promise<void> => {
    const { file, ...content } = finding
    await writeWhole(file, `${JSON.stringify(content, undefined, 2)}\n`, FILE_MODE)
    kept.set(file, finding)
  }
  return {
    async keep(name, found) {
      const file = join(folder, `${name}.json`)
      const earlier = kept.get(file)
      if (earlier && isOpen(earlier)) return
      const { kind, origin, why } = found
      const finding: KeptFinding = { type: 'azora.witness-finding.v1', at: timestamp(now()), ...found, file }
      if (kind === 'contradiction') log.fatal({ origin, why, file }, 'THE LOG CONTRADICTS ITSELF')
      else log.error({ origin, why, file }, 'a signed checkpoint came without a valid proof')
      const alike = [...kept.values()].filter((one) => one.kind === kind)
      // One is enough to say that a log does not prove itself, and is settled at once when it does.
      if (kind === 'unproved' && alike.some((one) => one.origin === origin && isOpen(one))) return
      if (alike.length >= KEPT_MAX[kind]) log.error({ folder }, 'there are too many findings: this one is not kept')
      else await write(finding)
    },
    async settle(origin) {
      for (const finding of kept.values()) {
        if (finding.origin !== origin || finding.kind !== 'unproved' || !isOpen(finding)) continue
        await write({ ...finding, settledAt: timestamp(now()) })
      }
    },
  }
}

/** What is kept in a folder; a file that is no finding is left out. */
export async function readFindings(folder: string): Promise<KeptFinding[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  const found: KeptFinding[] = []
  for (const name of names) {
    const file = join(folder, name)
    const parsed = Finding.safeParse(jsonOf(await readFile(file, 'utf8')))
    if (parsed.success) found.push({ ...parsed.data, file })
  }
  return found
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
