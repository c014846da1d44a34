import { isUtf8 } from 'node:buffer'
import type { Readable } from 'node:stream'
import { AzoraError } from './errors.ts'

/**
 * Calls `onLine` for each line of UTF-8 text, without its line feed. A line that is not UTF-8 stops the reading and
 * reports `line_not_utf8`.
 *
 * @param maxBytes a longer line stops the reading and reports `line_too_long`
 * @param onEnd called once: without an error at the end of the stream
 */
export function readLines(
  stream: Readable,
  maxBytes: number,
  onLine: (line: string) => void,
  onEnd: (error?: AzoraError) => void = () => {},
): void {
  let parts: Buffer[] = []
  let length = 0
  let stopped = false

  const stop = (error?: AzoraError): void => {
    if (stopped) return
    stopped = true
    stream.off('data', take)
    onEnd(error)
  }
  const keep = (part: Buffer): boolean => {
    parts.push(part)
    length += part.length
    if (length <= maxBytes) return true
    stop(new AzoraError('fix', 'line_too_long', `a line is longer than ${maxBytes} bytes`))
    return false
  }
  const decode = (line: Buffer): string | undefined => {
    if (isUtf8(line)) return line.toString('utf8')
    stop(new AzoraError('fix', 'line_not_utf8', 'a line is not UTF-8'))
    return undefined
  }
  const take = (chunk: Buffer): void => {
    let start = 0
    for (let end = chunk.indexOf(10, start); end !== -1; end = chunk.indexOf(10, start)) {
      if (!keep(chunk.subarray(start, end))) return
      const line = decode(Buffer.concat(parts))
      if (line === undefined) return
      parts = []
      length = 0
      start = end + 1
      onLine(line)
      if (stopped) return
    }
    if (start < chunk.length) keep(chunk.subarray(start))
  }
  stream.on('data', take)
  stream.on('end', () => stop())
  stream.on('close', () => stop())
  stream.on('error', () => stop())
}
