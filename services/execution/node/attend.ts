import type { Breach, Ending, Limits } from '@azora/contracts'
import type { Exit, Sandboxed } from '../isolation/port.ts'
import { breached, CANCELLED, type Conclusion, parseResult } from './result.ts'

/**
 * Waits for the end of an action, and brings it about when its time is up, when it writes too much or when it is cancelled.
 *
 * @param onPrint hears what it prints
 */
export async function attend(
  sandbox: Sandboxed,
  { wallMs, outputBytes }: Pick<Limits, 'wallMs' | 'outputBytes'>,
  signal: AbortSignal,
  onPrint: (stream: 'stdout' | 'stderr', chunk: Buffer) => void,
): Promise<Conclusion> {
  let decided: { why: 'cancel' | Breach; atMs: number } | undefined
  const startedMs = performance.now()
  const end = (why: 'cancel' | Breach): void => {
    decided ??= { why, atMs: performance.now() }
    sandbox.kill()
  }
  const cancel = (): void => end('cancel')
  const timer = setTimeout(
    () => end({ limit: 'wall', allowed: wallMs, used: Math.round(performance.now() - startedMs) }),
    wallMs,
  )
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()

  const result: Buffer[] = []
  let bytes = 0
  const count = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes > outputBytes) end({ limit: 'output', allowed: outputBytes, used: bytes })
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    sandbox[stream].on('data', (chunk: Buffer) => {
      count(chunk)
      onPrint(stream, chunk)
    })
  }
  sandbox.result.on('data', (chunk: Buffer) => {
    count(chunk)
    if (!decided) result.push(chunk)
  })
  try {
    const exit = await sandbox.exited
    const why = decided?.why ?? exit.breach
    const goneAfterMs = decided && Math.round(performance.now() - decided.atMs)
    const about = { ending: endingOf(exit, why, goneAfterMs), ...(exit.usage && { usage: exit.usage }) }
    if (why === 'cancel') return { ...CANCELLED, ...about }
    return { ...(why ? breached(why) : parseResult(Buffer.concat(result), exit)), ...about }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
  }
}

const endingOf = ({ code, signal }: Exit, why: 'cancel' | Breach | undefined, goneAfterMs?: number): Ending => ({
  by: why === undefined ? 'itself' : why === 'cancel' ? 'cancel' : 'limit',
  ...(code !== null && { exitCode: code }),
  ...(signal !== null && { signal }),
  ...(typeof why === 'object' && { breach: why }),
  ...(goneAfterMs !== undefined && { goneAfterMs }),
})
