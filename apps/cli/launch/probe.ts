import { execFile } from 'node:child_process'

export interface ProbeResult {
  ok: boolean
  stdout: string
  /** What it said, or why it couldn't be started. */
  complaint: string
}

const LIMIT_MS = 10_000

/** Runs a short program and keeps what it prints; never rejects. */
export function probe(program: string, args: readonly string[]): Promise<ProbeResult> {
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { timeout: LIMIT_MS, maxBuffer: 1024 * 1024, encoding: 'utf8' },
      (error, stdout, stderr) => {
        const complaint = error === null ? '' : stderr.trim() || error.message
        resolve({ ok: error === null, stdout: stdout.trim(), complaint })
      },
    )
  })
}
