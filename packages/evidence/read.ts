import { parseStrictJson } from '@azora/base/strict-json'
import {
  type ConstitutionStatement,
  DsseEnvelope,
  EVIDENCE_LIMITS,
  EvidenceStatement,
  type PartiesStatement,
  type RunStatement,
} from '@azora/contracts'
import { canonical, fromBase64, sha256Hex } from '@azora/proof/verify'
import type { z } from 'zod'

/** A line of a bundle, read and not yet believed. */
export interface Line<Statement = EvidenceStatement> {
  envelope: DsseEnvelope
  /** The bytes that were signed. */
  body: Uint8Array
  /** Their SHA-256 in hexadecimal. */
  digest: string
  statement: Statement
}

/** A bundle in its parts, in the order of its lines. */
export interface Bundle {
  run: Line<RunStatement>
  constitutions: Array<Line<ConstitutionStatement>>
  parties?: Line<PartiesStatement>
  lines: Line[]
}

/** Thrown for bytes that are no bundle; the message says where and why. */
export class NoBundleError extends Error {
  override readonly name = 'NoBundleError'
}

/**
 * Reads a bundle. Of all the texts that could mean a statement only one is accepted, its canonical JSON (RFC 8785), so
 * that no two readers can understand it differently.
 *
 * @throws NoBundleError
 */
export function readBundle(bytes: Uint8Array): Bundle {
  const lines = linesOf(bytes).map(readLine)
  const [run, ...others] = lines.map(({ statement }, at) => [statement.predicateType, at] as const)
  if (run?.[0] !== RUN) throw new NoBundleError('the first line is not the statement about the run')
  const second = others.find(([type]) => type === RUN)
  if (second) throw new NoBundleError(`line ${second[1] + 1} is a second statement about a run`)
  const parties = lines.filter(isParties)
  if (parties.length > 1) throw new NoBundleError('there is more than one statement about people and code')
  return {
    run: lines[0] as Line<RunStatement>,
    constitutions: lines.filter(isConstitution),
    ...(parties[0] && { parties: parties[0] }),
    lines,
  }
}

const RUN = 'https://azora.dev/evidence/run/v1'

const isConstitution = (line: Line): line is Line<ConstitutionStatement> =>
  line.statement.predicateType === 'https://azora.dev/evidence/constitution/v1'

const isParties = (line: Line): line is Line<PartiesStatement> =>
  line.statement.predicateType === 'https://azora.dev/evidence/parties/v1'

function linesOf(bytes: Uint8Array): string[] {
  if (bytes.length > EVIDENCE_LIMITS.bytes)
    throw new NoBundleError(`the file is larger than ${EVIDENCE_LIMITS.bytes} bytes`)
  const text = decode(bytes)
  if (text === undefined) throw new NoBundleError('the file is not UTF-8')
  if (!text.endsWith('\n')) throw new NoBundleError('the file does not end with a line break: its end is missing')
  const lines = text.slice(0, -1).split('\n', EVIDENCE_LIMITS.lines + 1)
  if (lines.length > EVIDENCE_LIMITS.lines)
    throw new NoBundleError(`there are more than ${EVIDENCE_LIMITS.lines} lines`)
  return lines
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function readLine(text: string, at: number): Line {
  const place = `line ${at + 1}`
  const envelope = parse(text, DsseEnvelope, place)
  const body = fromBase64(envelope.payload)
  if (!body) throw new NoBundleError(`${place}: the payload is not base64 in its canonical form`)
  const source = decode(body)
  if (source === undefined) throw new NoBundleError(`${place}: the statement is not UTF-8`)
  const statement = parse(source, EvidenceStatement, `${place}, the statement`)
  return { envelope, body, digest: sha256Hex(body), statement }
}

function parse<T extends z.ZodType>(text: string, schema: T, place: string): z.infer<T> {
  let value: unknown
  try {
    value = parseStrictJson(text)
  } catch (thrown) {
    throw new NoBundleError(`${place}: ${thrown instanceof Error ? thrown.message : thrown}`)
  }
  if (canonical(value) !== text) throw new NoBundleError(`${place}: it is not canonical JSON (RFC 8785)`)
  const parsed = schema.safeParse(value)
  if (parsed.success) {
    // A schema that fills in or drops something would let a reader see another value than the one that was signed.
    if (canonical(parsed.data) === text) return parsed.data
    throw new NoBundleError(`${place}: it leaves out what a statement has to say`)
  }
  const [issue] = parsed.error.issues
  throw new NoBundleError(`${place}: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'has another shape'}`)
}
