import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodedForms } from './decoded.ts'

const PLAIN = 'the hidden words of a text'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const codes = [...PLAIN].map((character) => character.charCodeAt(0))

describe('decodedForms', () => {
  it.each([
    ['Base64', base64(PLAIN)],
    ['Base64 for URLs', Buffer.from(`${PLAIN}>>??`).toString('base64url')],
    ['Base64 twice', base64(base64(PLAIN))],
    ['Base64 after a path', `/upload/x/${base64(PLAIN)}`],
    ['Base64 in lines', base64(PLAIN.repeat(9)).replaceAll(/.{60}/g, '$&\n')],
    ['a data URI', `data:text/plain;base64,${base64(PLAIN)}`],
    ['gzip', gzipSync(PLAIN).toString('base64')],
    ['zlib', deflateSync(PLAIN).toString('base64')],
    ['hexadecimal', Buffer.from(PLAIN).toString('hex')],
    ['hexadecimal with colons', codes.map((code) => code.toString(16)).join(':')],
    ['escapes of bytes', codes.map((code) => `\\x${code.toString(16)}`).join('')],
    ['escapes of JSON', codes.map((code) => `\\u00${code.toString(16)}`).join('')],
    ['percent-encoding', codes.map((code) => `%${code.toString(16)}`).join('')],
    ['percent-encoding twice', encodeURIComponent(encodeURIComponent(`${PLAIN}?`))],
    ['character references', codes.map((code, at) => (at % 2 ? `&#${code};` : `&#x${code.toString(16)};`)).join('')],
    ['character codes', `String.fromCharCode(${codes.join(', ')})`],
    ['a JSON text in a JSON text', JSON.stringify(JSON.stringify({ a: `"${PLAIN}"` }))],
  ])('reads %s', (_, text) => expect(decodedForms(text).join('\n')).toContain(PLAIN))

  it.each([
    '',
    PLAIN,
    'a digest: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '/srv/repo/packages/law',
  ])('finds nothing in %j', (text) => expect(decodedForms(text)).toEqual([]))

  it('takes what begins like packed data for text when it is not packed', () => {
    expect(decodedForms(base64('x ghost of a text'))).toContain('x ghost of a text')
  })

  it('is done with what unpacks to too much', () => {
    expect(decodedForms(gzipSync('a'.repeat(10_000_000)).toString('base64'))).toEqual([])
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => Array.isArray(decodedForms(text))))
  })
})
