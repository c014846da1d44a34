import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readClientHello } from './client-hello.ts'

/** The first bytes that a real TLS client sends. */
async function helloOf(options: tls.ConnectionOptions): Promise<Buffer> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = tls.connect({ ...options, host: '127.0.0.1', port: (server.address() as net.AddressInfo).port })
  client.on('error', () => undefined)
  const [socket] = (await once(server, 'connection')) as [net.Socket]
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  client.destroy()
  socket.destroy()
  server.close()
  return bytes
}

/** The same handshake in records of `size` bytes. */
function inRecords(hello: Buffer, size: number): Buffer {
  const body = hello.subarray(5)
  const records: Buffer[] = []
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size)
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part)
  }
  return Buffer.concat(records)
}

describe('a ClientHello', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('of %s says which host it is for', async (maxVersion) => {
    const bytes = await helloOf({ servername: 'Api.Example.com', maxVersion, minVersion: 'TLSv1.2' })
    expect(readClientHello(bytes)).toEqual({ kind: 'hello', name: 'api.example.com' })
  })

  it('may name nobody', async () => {
    expect(readClientHello(await helloOf({ servername: '' }))).toEqual({ kind: 'hello' })
  })

  it('is read whole or not at all, however it is cut', async () => {
    const bytes = await helloOf({ servername: 'api.example.com' })
    for (let length = 0; length < bytes.length; length++)
      expect(readClientHello(bytes.subarray(0, length)).kind).toBe('incomplete')
    for (const size of [1, 2, 7, 50, 100]) {
      const cut = inRecords(bytes, size)
      expect(readClientHello(cut)).toEqual({ kind: 'hello', name: 'api.example.com' })
      expect(readClientHello(cut.subarray(0, cut.length - 1)).kind).toBe('incomplete')
    }
  })

  it('that names two hosts is none', async () => {
    const bytes = await helloOf({ servername: 'api.example.com' })
    const at = bytes.indexOf('api.example.com') - 9
    const extension = bytes.subarray(at, at + 9 + 'api.example.com'.length)
    const twice = Buffer.concat([bytes.subarray(0, at), extension, bytes.subarray(at)])
    for (const [offset, width] of [
      [3, 2],
      [6, 3],
    ] as const)
      twice.writeUIntBE(twice.readUIntBE(offset, width) + extension.length, offset, width)
    const session = 5 + 4 + 34
    const suites = session + 1 + (twice[session] ?? 0)
    const compression = suites + 2 + twice.readUInt16BE(suites)
    const extensions = compression + 1 + (twice[compression] ?? 0)
    twice.writeUInt16BE(twice.readUInt16BE(extensions) + extension.length, extensions)
    expect(readClientHello(twice)).toEqual({ kind: 'other' })
  })

  it('never reads beyond what is there, whatever comes', async () => {
    const bytes = await helloOf({ servername: 'api.example.com' })
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(bytes)
        changed[at] = value
        const { kind } = readClientHello(changed)
        expect(['incomplete', 'other', 'hello']).toContain(kind)
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        expect(['incomplete', 'other', 'hello']).toContain(readClientHello(Buffer.from(noise)).kind)
      }),
      { numRuns: 500 },
    )
  })
})
