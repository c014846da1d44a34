import { printable } from '../output/style.ts'

const KEPT_LINES = 30
const LONGEST_LINE_CHARS = 2_000
const STACK_FRAME = /^\s+at /

export interface LogTail {
  take(chunk: Buffer): void
  note(line: string): void
  text(): string
}

/**
 * Keeps the last lines of a server's output, stack traces left out.
 *
 * @param onStage told the message of each of its log lines at level info
 */
export function createLogTail(onStage: (text: string) => void): LogTail {
  const lines: string[] = []
  let rest = ''
  const keep = (line: string): void => {
    const { text, stage } = readLogLine(line)
    lines.push(text)
    if (lines.length > KEPT_LINES) lines.shift()
    if (stage !== undefined) onStage(stage)
  }
  return {
    take(chunk) {
      const parts = (rest + chunk.toString('utf8')).split('\n')
      rest = (parts.pop() ?? '').slice(0, LONGEST_LINE_CHARS)
      for (const part of parts) if (part.trim() !== '' && !STACK_FRAME.test(part)) keep(part)
    },
    note: keep,
    text: () => [...lines, ...(rest === '' ? [] : [printable(rest)])].join('\n'),
  }
}

const PINO_INFO = 30

/** A log line in words; lines that aren't JSON stay as they are. */
function readLogLine(line: string): { text: string; stage?: string } {
  const value = parsed(line)
  if (value === undefined || typeof value.msg !== 'string')
    return { text: printable(line.slice(0, LONGEST_LINE_CHARS)) }
  const message = printable(value.msg)
  const cause =
    typeof value.err === 'object' && value.err !== null && 'message' in value.err ? String(value.err.message) : ''
  const text = cause === '' || cause === value.msg ? message : `${message}: ${printable(cause)}`
  return value.level === PINO_INFO ? { text, stage: message } : { text }
}

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined
  }
}
