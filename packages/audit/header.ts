import { isUtf8 } from 'node:buffer'
import { type EntryHeader, EntryKind, RunState } from '@azora/contracts'
import { headerText } from '@azora/proof'

const KINDS: ReadonlySet<string> = new Set(EntryKind.options)
const STATES: ReadonlySet<string> = new Set(RunState.options)
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const RUN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const DIGEST = /^[0-9a-f]{64}$/

/**
 * Reads the header that a leaf commits to; a string says why it is none. It checks by hand what the schema would: a whole
 * log has many millions of them.
 */
export function readHeader(leafInput: Buffer): EntryHeader | string {
  const bytes = leafInput.subarray(1)
  if (!isUtf8(bytes)) return 'its header is not UTF-8'
  const text = bytes.toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'its header is not JSON'
  }
  if (!isHeader(value)) return 'its header has another shape than a header'
  // Whatever else the text says, and however, this form leaves out.
  return headerText(value) === text ? value : 'its header is not canonical JSON of a header'
}

function isHeader(value: unknown): value is EntryHeader {
  if (typeof value !== 'object' || value === null) return false
  const { shard, index, kind, tenant, actor, at, run, runIndex, transition, payloadDigest } = value as Record<
    keyof EntryHeader,
    unknown
  >
  return (
    typeof shard === 'string' &&
    isCount(index) &&
    typeof kind === 'string' &&
    KINDS.has(kind) &&
    typeof tenant === 'string' &&
    typeof actor === 'string' &&
    matches(at, TIME) &&
    matches(payloadDigest, DIGEST) &&
    (run === undefined || matches(run, RUN)) &&
    (runIndex === undefined || (run !== undefined && isCount(runIndex))) &&
    (transition === undefined || (run !== undefined && isTransition(transition)))
  )
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

const matches = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value)

function isTransition(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { from, to } = value as { from?: unknown; to?: unknown }
  return (from === undefined || STATES.has(from as string)) && STATES.has(to as string)
}
