import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isGlobalAddress, isLoopbackAddress, isMetadataAddress, isPrivateAddress } from './private-address.ts'

describe('isPrivateAddress', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ])('holds %s back', (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  it.each(['93.184.216.34', '172.32.0.1', '8.8.8.8', '2606:4700:4700::1111', '::ffff:8.8.8.8'])(
    'lets %s pass',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false)
    },
  )
})

describe('isGlobalAddress', () => {
  it.each(['93.184.216.34', '8.8.8.8', '2606:4700:4700::1111', '2a00:1450::1'])('is true for %s', (address) => {
    expect(isGlobalAddress(address)).toBe(true)
    expect(isPrivateAddress(address)).toBe(false)
  })

  it.each([
    '192.0.2.1',
    '203.0.113.9',
    '192.88.99.1',
    '2001:db8::1',
    '3fff::1',
    '4000::1',
    '64:ff9b::808:808',
    '',
    'x',
  ])('is false for %s', (address) => {
    expect(isGlobalAddress(address)).toBe(false)
  })

  it('is false for whatever is private', () => {
    const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((octets) => octets.join('.'))
    fc.assert(
      fc.property(fc.oneof(ipv4, fc.ipV6()), (address) => {
        if (isPrivateAddress(address)) expect(isGlobalAddress(address)).toBe(false)
        if (isMetadataAddress(address) && address !== '168.63.129.16') expect(isGlobalAddress(address)).toBe(false)
      }),
    )
  })
})

describe('isMetadataAddress', () => {
  it.each(['169.254.169.254', '169.254.170.2', 'fd00:ec2::254', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe'])(
    'knows %s',
    (address) => expect(isMetadataAddress(address)).toBe(true),
  )
  it.each(['127.0.0.1', '10.0.0.1', '8.8.8.8', '::1'])('leaves %s alone', (address) =>
    expect(isMetadataAddress(address)).toBe(false),
  )
})

it('isLoopbackAddress', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
    expect(isLoopbackAddress(address)).toBe(true)
  for (const address of ['128.0.0.1', '10.0.0.1', '::2', 'localhost', ''])
    expect(isLoopbackAddress(address)).toBe(false)
})
