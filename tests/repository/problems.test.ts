import { type Advice, PROBLEMS, type ProblemCode } from '@azora/contracts'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { projectFiles, textOf } from './files.ts'

/** A place that makes an `AzoraError`. */
interface Throw {
  file: string
  /** Undefined where the code isn't written there. */
  codes: string[] | undefined
  advice: string | undefined
}

/** Codes that are computed, by the file that does it. A new such place has to be named here. */
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  'services/skills/shelf.ts': ['skill_not_found', 'agent_not_found'],
  'packages/base/strict-json.ts': ['json_invalid', 'json_duplicate_key', 'json_number_out_of_range', 'json_too_deep'],
  // The codes of a law that can't be read, from the thread that tries it.
  'services/constitution/backtest/thread.ts': ['law_invalid'],
  'apps/server/http/problem.ts': ['body_too_large', 'media_type_unsupported', 'uri_too_long', 'invalid_request'],
  // Told to the node, as the failure of an action: no problem of a request.
  'services/execution/dispatch/leasing.ts': [],
}

const files = projectFiles(/^(packages|services|apps)\/.+\.ts$/).filter(
  (path) => !path.endsWith('.test.ts') && !path.includes('/testing/'),
)
const thrown = files.flatMap(throwsIn)

function throwsIn(file: string): Throw[] {
  const text = textOf(file)
  if (!text.includes('AzoraError(')) return []
  const found: Throw[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'AzoraError') {
      const [advice, code] = node.arguments ?? []
      found.push({ file, codes: literals(code), advice: literals(advice)?.[0] })
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))
  return found
}

/** The texts that an expression may be, as far as they are written in it. */
function literals(node: ts.Expression | undefined): string[] | undefined {
  if (node && ts.isStringLiteralLike(node)) return [node.text]
  if (node && ts.isConditionalExpression(node)) {
    const [yes, no] = [literals(node.whenTrue), literals(node.whenFalse)]
    return yes && no && [...yes, ...no]
  }
  return undefined
}

describe('every error code', () => {
  it('that is thrown is in the catalogue, with the advice that it is thrown with', () => {
    const flaws = thrown.flatMap(({ file, codes, advice }) =>
      (codes ?? []).flatMap((code) => {
        const entry = PROBLEMS[code as ProblemCode]
        if (!entry) return `${file}: ${code} is not in the catalogue`
        return entry.advice === advice ? [] : `${file}: ${code} is thrown as ${advice}, catalogued as ${entry.advice}`
      }),
    )
    expect(thrown.length).toBeGreaterThan(100)
    expect(flaws).toEqual([])
  })

  it('that is computed comes from a place that is known', () => {
    const places = thrown.flatMap(({ file, codes }) => (codes ? [] : file))
    expect([...new Set(places)].sort()).toEqual(Object.keys(COMPUTED).sort())
  })

  it('of the catalogue is thrown somewhere', () => {
    const known = new Set([...thrown.flatMap(({ codes }) => codes ?? []), ...Object.values(COMPUTED).flat()])
    expect(Object.keys(PROBLEMS).filter((code) => !known.has(code))).toEqual([])
  })

  it('has a status that fits what the caller should do, a cause and a remedy', () => {
    const statuses: Record<Advice, readonly number[]> = {
      retry: [429, 503, 507],
      fix: [400, 408, 411, 413, 414, 415],
      authenticate: [401],
      forbidden: [403],
      denied: [403],
      missing: [404],
      conflict: [409, 412, 422, 428],
      cancelled: [409],
      bug: [500],
    }
    const flaws = Object.entries(PROBLEMS).filter(
      ([code, { advice, status, cause, remedy }]) =>
        !/^[a-z0-9]+(_[a-z0-9]+)*$/.test(code) ||
        !statuses[advice].includes(status) ||
        !/^.{10,200}\.$/.test(cause) ||
        !/^.{5,200}[.`]$/.test(remedy),
    )
    expect(flaws).toEqual([])
  })
})
