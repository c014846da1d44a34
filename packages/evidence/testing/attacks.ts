import type {
  ConstitutionStatement,
  DsseEnvelope,
  EvidenceStatement,
  PartiesStatement,
  RunStatement,
} from '@azora/contracts'
import { canonical, type Signer } from '@azora/proof'
import type { EvidenceParts } from '../make.ts'
import { fileOf } from './log.ts'

type Path = Array<string | number>

/** Each leaf value of a JSON document, by its path; empty arrays and objects are leaves too. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path]
  const children = Object.entries(value).flatMap(([key, child]) =>
    leavesOf(child, [...path, Array.isArray(value) ? Number(key) : key]),
  )
  return children.length > 0 ? children : [path]
}

/** A copy in which one leaf has another value of its kind. */
function altered<T>(value: T, path: Path): T {
  const copy = structuredClone(value)
  let holder = copy as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) holder = holder[key] as typeof holder
  const last = path.at(-1) as string
  holder[last] = otherThan(holder[last])
  return copy
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string') return otherText(value)
  return Array.isArray(value) ? [{ added: true }] : { added: true }
}

/** The text with its middle character replaced by another one of the same class, so that the form stays right. */
function otherText(text: string): string {
  if (text === '') return 'x'
  const at = Math.floor(text.length / 2)
  const char = text[at] ?? ''
  const other = /[0-8]/.test(char) ? String(Number(char) + 1) : char === '9' ? '8' : char === 'a' ? 'b' : 'a'
  return text.slice(0, at) + other + text.slice(at + 1)
}

const decoder = new TextDecoder()
const encoder = new TextEncoder()

export const linesOf = (bytes: Uint8Array): string[] => decoder.decode(bytes).slice(0, -1).split('\n')
export const fromLines = (lines: readonly string[]): Uint8Array =>
  encoder.encode(lines.map((line) => `${line}\n`).join(''))

export const envelopeIn = (line: string): DsseEnvelope => JSON.parse(line)
const statementIn = (line: string): EvidenceStatement =>
  JSON.parse(decoder.decode(Buffer.from(envelopeIn(line).payload, 'base64')))

/** The line with another statement below the old signature. */
const withStatement = (line: string, statement: unknown): string =>
  canonical({ ...envelopeIn(line), payload: Buffer.from(canonical(statement)).toString('base64') })

/** What a bundle was made of, so that whoever has the journal's key can make another one of it. */
function partsIn(bytes: Uint8Array): EvidenceParts {
  const statements = linesOf(bytes).map(statementIn)
  const { checkpoint, parts: _, ...run } = (statements[0] as RunStatement).predicate
  const parties = statements.find(
    (statement): statement is PartiesStatement => statement.predicateType === 'https://azora.dev/evidence/parties/v1',
  )
  const constitutions = statements.filter(
    (statement): statement is ConstitutionStatement =>
      statement.predicateType === 'https://azora.dev/evidence/constitution/v1',
  )
  return {
    run,
    checkpoint,
    constitutions: constitutions.map(({ predicate: { checkpoint: __, ...constitution } }) => constitution),
    parties: parties ? partiesOf(parties) : { principals: [], skills: [], agents: [] },
  }
}

function partiesOf({ predicate: { checkpoint: _, ...parties } }: PartiesStatement): EvidenceParts['parties'] {
  return parties
}

export interface Attack {
  name: string
  bytes: Uint8Array
  /** What the message has to name. */
  names: RegExp
}

/** Every leaf of every statement and envelope, altered by somebody who can't sign. */
export function* alterations(bytes: Uint8Array): Generator<Attack> {
  const lines = linesOf(bytes)
  for (const [at, line] of lines.entries()) {
    const statement = statementIn(line)
    const names = new RegExp(`line ${at + 1}\\b`)
    for (const path of leavesOf(statement))
      yield {
        name: `line ${at + 1}, ${path.join('.')}`,
        bytes: fromLines(lines.with(at, withStatement(line, altered(statement, path)))),
        names,
      }
    const envelope = envelopeIn(line)
    for (const path of leavesOf(envelope))
      yield {
        name: `line ${at + 1}, envelope ${path.join('.')}`,
        bytes: fromLines(lines.with(at, canonical(altered(envelope, path)))),
        names,
      }
  }
}

/** Every leaf of what a bundle is made of, altered and signed anew by somebody who holds the journal's key. */
export function* forgeries(bytes: Uint8Array, signer: Signer): Generator<Attack> {
  const parts = partsIn(bytes)
  for (const path of leavesOf(parts)) {
    const forged = altered(parts, path)
    yield { name: path.join('.'), bytes: fileOf(forged, signer), names: nameFor(parts, path) }
  }
}

function nameFor(parts: EvidenceParts, path: Path): RegExp {
  const [first, second, third] = path
  if (first === 'checkpoint') return /checkpoint|signature of the journal/
  if (second === 'journal') return /key|endorse|chain/
  if (first === 'run' && second === 'runId') return /belongs to another run|runId/
  if (first === 'constitutions' && third === 'files') return /constitution|files/
  if (first === 'constitutions' && third === 'constitution') return /constitution/
  const entry = path.reduce<{ value: unknown; index?: number }>(
    ({ value, index }, key) => {
      const child = (value as Record<string | number, unknown>)[key]
      const header = child as {
        entry?: { header?: { index: number } }
        registered?: { entry: { header: { index: number } } }
      } | null
      const found = header?.entry?.header?.index ?? header?.registered?.entry.header.index
      return { value: child, ...((found ?? index) !== undefined && { index: found ?? index }) } as never
    },
    { value: parts },
  ).index
  // An altered index is named as it stands there now.
  return entry === undefined
    ? /./
    : new RegExp(`\\b(${entry}|${entry + 1})\\b|${path.slice(0, 3).join('\\.')}|predicate\\.`)
}

/** Lines that were removed, doubled, moved, or taken from the bundle of another run. */
export function* rearrangements(bytes: Uint8Array, other: Uint8Array): Generator<Attack> {
  const lines = linesOf(bytes)
  const any = /line|statement|missing|bundle|break/
  for (const [at, line] of lines.entries()) {
    yield { name: `without line ${at + 1}`, bytes: fromLines(lines.toSpliced(at, 1)), names: any }
    yield { name: `line ${at + 1} twice`, bytes: fromLines(lines.toSpliced(at, 0, line)), names: any }
    for (const to of lines.keys())
      if (to > at && lines[to] !== line)
        yield {
          name: `lines ${at + 1} and ${to + 1} changed`,
          bytes: fromLines(lines.with(at, lines[to] as string).with(to, line)),
          names: any,
        }
  }
  // Of two runs under one law with the same people and code only the first lines differ.
  for (const [at, line] of linesOf(other).entries())
    if (lines[at] !== line && fromLines(lines.with(at, line)).toString() !== other.toString())
      yield { name: `line ${at + 1} of another run`, bytes: fromLines(lines.with(at, line)), names: any }
  yield { name: 'nothing', bytes: new Uint8Array(), names: any }
  const text = decoder.decode(bytes)
  const forms = [`\ufeff${text}`, `${text}\n`, `${text}{}\n`, text.replaceAll('\n', '\r\n'), `\n${text}`, ` ${text}`]
  for (const [at, form] of forms.entries()) yield { name: `form ${at}`, bytes: encoder.encode(form), names: any }
}

/** The start of a bundle, cut at each line and at some bytes. */
export function* truncations(bytes: Uint8Array, cuts: readonly number[]): Generator<Attack> {
  const names = /line|missing|statement/
  const ends = [...bytes.entries()].filter(([, byte]) => byte === 10).map(([at]) => at)
  for (const end of ends.slice(0, -1)) yield { name: `cut after byte ${end}`, bytes: bytes.slice(0, end + 1), names }
  for (const cut of [...ends, ...cuts])
    if (cut < bytes.length) yield { name: `cut before byte ${cut}`, bytes: bytes.slice(0, cut), names }
}
