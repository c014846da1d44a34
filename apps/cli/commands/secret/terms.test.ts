import { describe, expect, test } from 'vitest'
import { durationOf, expiryOf, hostsOf, placeOf } from './terms.ts'

describe('where a secret stands', () => {
  test.each([
    [{}, undefined],
    [{ header: 'Authorization' }, { in: 'header', name: 'authorization', format: 'Bearer {}' }],
    [{ header: 'X-Api-Key' }, { in: 'header', name: 'x-api-key', format: '{}' }],
    [{ format: 'token {}' }, { in: 'header', name: 'authorization', format: 'token {}' }],
    [{ basic: 'x-access-token' }, { in: 'basic', user: 'x-access-token' }],
    [{ query: 'key' }, { in: 'query', name: 'key' }],
    [{ body: true }, { in: 'body' }],
  ])('%j', (options, place) => {
    expect(placeOf(options)).toEqual(place)
  })

  test.each([{ header: 'a', query: 'b' }, { format: 'no place for it' }, { header: 'Host' }, { basic: 'a:b' }])(
    'is nowhere for %j',
    (options) => {
      expect(() => placeOf(options)).toThrow()
    },
  )
})

test('hosts have no scheme', () => {
  expect(hostsOf(['API.example.com', 'localhost:8443'])).toEqual(['api.example.com', 'localhost:8443'])
  for (const given of [undefined, [], ['https://a.test'], ['a.test/path']]) expect(() => hostsOf(given)).toThrow()
})

test('times', () => {
  expect(durationOf('90s', '--ttl')).toBe(90_000)
  expect(expiryOf('30d', 0)).toEqual({ expiresAt: '1970-01-31T00:00:00.000Z' })
  expect(expiryOf('2027-01-31', 0)).toEqual({ expiresAt: '2027-01-31T00:00:00.000Z' })
  expect(expiryOf(undefined, 0)).toEqual({})
  for (const given of ['0s', '1.5h', '12', 'soon', '-1d']) expect(() => durationOf(given, '--ttl')).toThrow()
  for (const given of ['soon', '2027', '7']) expect(() => expiryOf(given, 0)).toThrow()
})
