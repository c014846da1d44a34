import type { Readable } from 'node:stream'

/** A line was longer than the reader takes. */
class LineTooLong extends Error {
  override readonly name = 'LineTooLong'
}

/**
 * The lines of a stream of UTF-8 text, without their line feeds.
 *
 * @param maxBytes of one line
 * @throws LineTooLong
 */
export async function* linesOf(stream: Readable, maxBytes: number): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      if (length + end - start > maxBytes) throw new LineTooLong(`a line is longer than ${maxBytes} bytes`)
      yield Buffer.concat([...parts, chunk.subarray(start, end)]).toString('utf8')
      parts = []
      length = 0
      start = end + 1
    }
    parts.push(chunk.subarray(start))
    length += chunk.length - start
    if (length > maxBytes) throw new LineTooLong(`a line is longer than ${maxBytes} bytes`)
  }
  if (length > 0) yield Buffer.concat(parts).toString('utf8')
}
