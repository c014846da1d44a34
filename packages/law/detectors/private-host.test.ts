import { describe, expect, it } from 'vitest'
import { subjectFor } from '../testing/requests.ts'
import { privateHost } from './private-host.ts'

const factsFor = (host: string, granted: string[] = []) =>
  privateHost.find(
    subjectFor({ action: { resources: { read: [], write: [], hosts: [host] } }, scope: { hosts: granted } }),
  )

describe('privateHost', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'api.localhost',
    'metadata.google.internal',
    'printer.local',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1:8080',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '[::1]',
    '[::1]:8080',
    '[::]',
    '[fd00::1]',
    '[fe80::1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::a9fe:a9fe]',
  ])('finds %s', (host) => expect(factsFor(host)).toMatchObject([{ rule: 'private_host', evidence: host }]))

  it.each([
    'example.org',
    'localhost.example.org',
    'mylocalhost',
    '11.0.0.1',
    '172.32.0.1',
    '10.example.org',
    '127.0.0.1.example.org',
    'internal.example.org',
    '[2606:4700::1111]',
    '8.8.8.8:53',
  ])('leaves %s alone', (host) => expect(factsFor(host)).toEqual([]))

  it('honours a grant of the very host and port only', () => {
    expect(factsFor('127.0.0.1:8080', ['127.0.0.1:8080'])).toEqual([])
    expect(factsFor('127.0.0.1:8081', ['127.0.0.1:8080'])).toHaveLength(1)
    expect(factsFor('2130706433:8080', ['127.0.0.1:8080'])).toHaveLength(1)
  })
})
