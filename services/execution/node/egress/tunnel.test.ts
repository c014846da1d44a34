import { describe, expect, it } from 'vitest'
import { inspect } from './tunnel.ts'

const host = (port: number) => ({ host: 'api.example.com', port })

describe('what a client says first in a tunnel', () => {
  it.each([
    ['GET / HTTP/1.1\r\nhost: evil.test\r\n\r\n', 8080, 'plain_http'],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 8080, 'plain_http'],
    ['GET / HTTP/1.1\r\n', 443, 'not_tls'],
    ['SSH-2.0-OpenSSH_9.9\r\n', 22, 'pass'],
    ['SSH-2.0-OpenSSH_9.9\r\n', 443, 'not_tls'],
    ['GE', 8080, 'wait'],
    ['\x16\x03', 443, 'wait'],
    ['\x16\x09\x01', 8443, 'malformed'],
    ['', 443, 'wait'],
  ])('%j to port %i: %s', (first, port, verdict) => {
    expect(inspect(Buffer.from(first, 'latin1'), host(port), false)).toBe(verdict)
  })

  it('may end before it is understood only when it is no TLS', () => {
    expect(inspect(Buffer.from('GE'), host(8080), true)).toBe('pass')
    expect(inspect(Buffer.alloc(0), host(443), true)).toBe('pass')
    expect(inspect(Buffer.from([0x16, 3, 1]), host(443), true)).toBe('malformed')
  })
})
