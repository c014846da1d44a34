import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTlsMaterial } from '../../apps/server/tls/material.ts'
import { type Authority, type Certificate, createAuthority } from '../support/certificates.ts'
import { tempDir } from '../support/temp-dir.ts'

const folder = tempDir('tls-material')
let authority: Authority
let own: Certificate
beforeAll(async () => {
  authority = await createAuthority()
  own = await authority.issue({ type: 'dns', value: 'azora.example' })
})
afterAll(() => folder.remove())

let files = 0
const file = (text: string): string => {
  files += 1
  const path = join(folder.path, String(files))
  writeFileSync(path, text)
  return path
}
const read = ({ cert, key }: Certificate, clientCa?: string, nowMs = Date.now()) =>
  readTlsMaterial({ cert: file(cert), key: file(key), clientCa: clientCa && file(clientCa) }, nowMs)
const unusable = (message: RegExp) =>
  expect.objectContaining({ code: 'tls_unusable', message: expect.stringMatching(message) })

describe('the files of TLS', () => {
  it('are read with the host that the certificate is for', async () => {
    expect(await read(own)).toEqual({ ...own, host: 'azora.example' })
    expect(await read(own, authority.pem)).toMatchObject({ clientCa: authority.pem })
    expect(await read(await authority.issue({ type: 'dns', value: '*.azora.example' }))).toMatchObject({
      host: undefined,
    })
  })

  it('are refused when they are not of one pair, unreadable or no PEM', async () => {
    const other = await authority.issue({ type: 'dns', value: 'b' })
    await expect(read({ cert: own.cert, key: other.key })).rejects.toEqual(unusable(/does not belong to/))
    await expect(read({ cert: 'none', key: own.key })).rejects.toEqual(unusable(/holds no certificate/))
    await expect(read({ cert: own.cert, key: own.cert })).rejects.toEqual(unusable(/holds no private key/))
    const missing = { cert: join(folder.path, 'nowhere'), key: file(own.key) }
    await expect(readTlsMaterial(missing, Date.now())).rejects.toEqual(unusable(/nowhere can't be read: ENOENT/))
  })

  it('are refused outside of the time of the certificate', async () => {
    const day = 86_400_000
    await expect(read(own, undefined, Date.now() + 2 * day)).rejects.toEqual(unusable(/has expired/))
    await expect(read(own, undefined, Date.now() - 2 * day)).rejects.toEqual(unusable(/is not valid before/))
  })

  it('are refused when what signs the callers’ certificates is no authority', async () => {
    await expect(read(own, own.cert)).rejects.toEqual(unusable(/not that of an authority/))
  })
})
