import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { settingsFindings } from './settings.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'azora-settings-'))
  mkdirSync(join(dataDir, 'keys'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const found = async (env: NodeJS.ProcessEnv, remoteUrl?: string): Promise<string[]> =>
  (await settingsFindings({ dataDir, env, remoteUrl })).map(({ level, name, detail }) => `${level} ${name}: ${detail}`)
const SAFE = ['ok settings: none that is known to be insecure']

describe('the settings of a machine', () => {
  it('are well as they come, and when everything has TLS or stays here', async () => {
    expect(await found({})).toEqual(SAFE)
    const env = {
      DATABASE_URL: 'postgres://azora:7f3kQ9@db.example/azora?sslmode=verify-full',
      AZORA_PUBLIC_URL: 'https://azora.example',
      AZORA_REVIEW_WEBHOOK: 'https://example.org/hook',
      AZORA_ARTIFACTS: 's3://bucket?endpoint=https://s3.example',
      AZORA_ENVIRONMENT: 'production',
    }
    expect(await found(env, 'https://azora.example')).toEqual(SAFE)
    expect(await found({ DATABASE_URL: 'postgres://azora@localhost/azora' }, 'http://127.0.0.1:7420')).toEqual(SAFE)
  })

  it.each([
    [{ DATABASE_URL: 'postgres://azora:x9@db.example/azora' }, /^fail DATABASE_URL: db.example is reached without TLS/],
    [{ DATABASE_URL: 'postgres://azora:x9@db.example/a?sslmode=prefer' }, /^fail DATABASE_URL: db.example is reached/],
    [{ DATABASE_URL: 'postgres://app:Postgres@127.0.0.1/azora' }, /^fail DATABASE_URL: its password/],
    [{ DATABASE_URL: 'postgres://app:app@127.0.0.1/azora' }, /^fail DATABASE_URL: its password/],
    [{ AZORA_PUBLIC_URL: 'http://azora.example' }, /^fail AZORA_PUBLIC_URL: .* in clear/],
    [{ AZORA_PUBLIC_URL: 'http://127.azora.example' }, /^fail AZORA_PUBLIC_URL: .* in clear/],
    [{ AZORA_REVIEW_WEBHOOK: 'http://example.org/hook' }, /^fail AZORA_REVIEW_WEBHOOK: .* in clear/],
    [{ AZORA_WEBHOOK_HOSTS: 'ci.internal' }, /^warn AZORA_WEBHOOK_HOSTS: .*ci\.internal/],
    [{ AZORA_REVIEW_WEBHOOK_ALLOW_PRIVATE: '1' }, /^warn AZORA_REVIEW_WEBHOOK_ALLOW_PRIVATE/],
    [{ AZORA_ARTIFACTS: 's3://b?endpoint=http://s3.example' }, /^fail AZORA_ARTIFACTS: .* in clear/],
  ])('are named when they let others in: %j', async (env, said) => {
    expect(await found(env)).toEqual([expect.stringMatching(said)])
  })

  it('tell of a server that is called in clear', async () => {
    expect(await found({}, 'http://10.0.0.5:7420')).toEqual([expect.stringMatching(/^fail the server/)])
  })

  it('tell of a running server that listens for others without TLS', async () => {
    const record = { pid: process.pid, url: 'http://127.0.0.1:1', version: '0', startedAt: '' }
    const write = (outside?: object) =>
      writeFileSync(join(dataDir, 'server.json'), JSON.stringify({ ...record, ...(outside && { outside }) }))
    write({ host: '0.0.0.0', tls: false })
    expect(await found({})).toEqual([expect.stringMatching(/^fail listening: .*0\.0\.0\.0 without TLS/)])
    write({ host: '0.0.0.0', tls: true })
    expect(await found({})).toEqual(SAFE)
    write()
    expect(await found({})).toEqual(SAFE)
  })

  it('tell of the owner’s private key on a server in production', async () => {
    writeFileSync(join(dataDir, 'keys', 'owner.key'), '')
    expect(await found({})).toEqual(SAFE)
    expect(await found({ AZORA_ENVIRONMENT: 'production' })).toEqual([expect.stringMatching(/^warn owner's key/)])
  })
})
