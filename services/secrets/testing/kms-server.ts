import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { crc32c } from '../kms/crc32c.ts'

/** A server that speaks the wire protocols of AWS KMS (JSON 1.1) and Google Cloud KMS (REST v1), with a key of its own. */
export interface KmsServer {
  port: number
  seen: Array<{ url: string; headers: IncomingHttpHeaders; body: Record<string, unknown> }>
  /** Answers with this instead, once. */
  failNext(status: number, body: unknown): void
  /** Damages what it answers next. */
  damageNext(): void
  close(): void
}

export async function startKmsServer(): Promise<KmsServer> {
  const key = randomBytes(32)
  const seen: KmsServer['seen'] = []
  let failure: { status: number; body: unknown } | undefined
  let damaged = false
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Record<string, string>
    const url = request.url ?? ''
    seen.push({ url, headers: request.headers, body })
    const send = (status: number, value: unknown): void => {
      const type = url === '/' ? 'application/x-amz-json-1.1' : 'application/json'
      response.writeHead(status, { 'content-type': type }).end(JSON.stringify(value))
    }
    if (failure) {
      send(failure.status, failure.body)
      failure = undefined
      return
    }
    const answer = url === '/' ? aws(key, String(request.headers['x-amz-target']), body) : google(key, url, body)
    if (damaged) for (const name of ['ciphertext', 'plaintext']) if (name in answer.body) answer.body[name] = 'AAAA'
    damaged = false
    send(answer.status, answer.body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    failNext(status, body) {
      failure = { status, body }
    },
    damageNext() {
      damaged = true
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

interface Answer {
  status: number
  body: Record<string, unknown>
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
function aws(key: Buffer, target: string, body: Record<string, unknown>): Answer {
  const { KeyId, EncryptionContext = {} } = body
  const associated = JSON.stringify(Object.entries(EncryptionContext as object).sort())
  if (target === 'TrentService.Encrypt')
    return { status: 200, body: { KeyId, CiphertextBlob: seal(key, String(body.Plaintext), associated) } }
  const plain = open(key, String(body.CiphertextBlob), associated)
  if (plain === undefined) return { status: 400, body: { __type: 'InvalidCiphertextException', message: '' } }
  return { status: 200, body: { KeyId, Plaintext: plain } }
}

/** https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/encrypt */
function google(key: Buffer, url: string, body: Record<string, string>): Answer {
  const associated = body.additionalAuthenticatedData ?? ''
  const sum = (base64: string): string => String(crc32c(Buffer.from(base64, 'base64')))
  if (url.split('?')[0]?.endsWith(':encrypt')) {
    const ciphertext = seal(key, body.plaintext ?? '', associated)
    const verified = {
      verifiedPlaintextCrc32c: body.plaintextCrc32c === sum(body.plaintext ?? ''),
      verifiedAdditionalAuthenticatedDataCrc32c: body.additionalAuthenticatedDataCrc32c === sum(associated),
    }
    return { status: 200, body: { ciphertext, ciphertextCrc32c: sum(ciphertext), ...verified } }
  }
  const plaintext = open(key, body.ciphertext ?? '', associated)
  if (plaintext === undefined)
    return { status: 400, body: { error: { code: 400, status: 'INVALID_ARGUMENT', message: 'Decryption failed' } } }
  return { status: 200, body: { plaintext, plaintextCrc32c: sum(plaintext) } }
}

/** Both in base64. */
function seal(key: Buffer, plain: string, associated: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(createHash('sha256').update(associated).digest())
  const text = Buffer.concat([cipher.update(plain, 'base64'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')
}

function open(key: Buffer, sealed: string, associated: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      .setAAD(createHash('sha256').update(associated).digest())
      .setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('base64')
  } catch {
    return undefined
  }
}
