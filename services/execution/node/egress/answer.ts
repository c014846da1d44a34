import type http from 'node:http'
import { PassThrough, pipeline, type Transform } from 'node:stream'
import zlib from 'node:zlib'
import type { Redactor } from '../redaction/redactor.ts'

const DECODERS: Record<string, () => Transform> = {
  identity: () => new PassThrough(),
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  br: () => zlib.createBrotliDecompress(),
  zstd: () => zlib.createZstdDecompress(),
}
const CODINGS_MAX = 3

/** Headers that would no longer be true of a body that was decoded and redacted. */
const ABOUT_THE_BODY =
  /^(content-(length|encoding|md5|digest|range)|repr-digest|digest|accept-ranges|transfer-encoding|trailer|connection|keep-alive|upgrade|proxy-.*|alt-svc)$/

/** What can be told of an answer's head. A header whose very name holds a value is left out. */
export function redactHeaders(raw: readonly string[], redactor: Redactor): Array<[string, string]> {
  const headers: Array<[string, string]> = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]]
    if (ABOUT_THE_BODY.test(name.toLowerCase()) || redactor.text(name) !== name) continue
    headers.push([name, redactor.text(Buffer.from(value, 'latin1').toString('latin1'))])
  }
  return headers
}

/** Undefined when the body comes in a coding that can't be looked into. */
export function decodersFor(coding: string | undefined): Transform[] | undefined {
  const codings = (coding ?? 'identity').split(',').map((name) => name.trim().toLowerCase())
  if (codings.length > CODINGS_MAX) return undefined
  const decoders = codings.reverse().map((name) => DECODERS[name || 'identity'])
  return decoders.every((decoder) => decoder !== undefined) ? decoders.map((decoder) => decoder()) : undefined
}

/** Hands a body over, decoded and without the values. */
export function sendRedacted(
  answer: http.IncomingMessage,
  decoders: readonly Transform[],
  redactor: Redactor,
  {
    response,
    onData,
    onFailure,
  }: { response: http.ServerResponse; onData: (chunk: Buffer) => void; onFailure: () => void },
): void {
  const redacting = redactor.stream()
  redacting.on('data', onData)
  pipeline([answer, ...decoders, redacting, response], (error) => {
    if (error) onFailure()
  })
}
