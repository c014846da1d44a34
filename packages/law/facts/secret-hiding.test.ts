import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { FAKE_SECRETS, LOOK_ALIKES } from '../cases/made-up-secrets.ts'
import { hiddenSecretKinds, joinedTexts } from './secret-hiding.ts'
import { readDocument } from './subject.ts'

const TOKEN = FAKE_SECRETS['github-token'] as string
const [A, B, C] = [TOKEN.slice(0, 12), TOKEN.slice(12, 25), TOKEN.slice(25)] as [string, string, string]
const codes = [...TOKEN].map((character) => character.charCodeAt(0))

const kindsIn = (value: string): string[] => readDocument([value]).texts.flatMap((text) => hiddenSecretKinds(text))

describe('hiddenSecretKinds', () => {
  it.each([
    ['Base64', Buffer.from(TOKEN).toString('base64')],
    ['Base64 in Base64', Buffer.from(Buffer.from(`x ${TOKEN}`).toString('base64')).toString('base64')],
    ['gzip', gzipSync(TOKEN).toString('base64')],
    ['hexadecimal', Buffer.from(TOKEN).toString('hex')],
    ['percent-encoding', codes.map((code) => `%${code.toString(16)}`).join('')],
    ['character references', codes.map((code) => `&#${code};`).join('')],
    ['escapes', codes.map((code) => `\\u00${code.toString(16)}`).join('')],
    ['zero-width characters', [...TOKEN].join('\u200b')],
    ['full-width characters', codes.map((code) => String.fromCharCode(code + 0xfee0)).join('')],
  ])('sees through %s', (_, text) => expect(kindsIn(text)).toEqual(['GitHub token, encoded']))

  it.each([
    ['line breaks', `my token\n${A}${B}\n${C}\nthanks`],
    ['continued lines', `${A}\\\n${B}${C}`],
    ['literals that are added', `const t = '${A}' + '${B}' + '${C}'`],
    ['literals that are joined', `["${A}","${B}","${C}"].join("")`],
    ['empty quotes', `echo ${TOKEN.slice(0, 2)}''${TOKEN.slice(2)}`],
    ['the reverse order', [...TOKEN].reverse().join('')],
  ])('puts it together from %s', (_, text) => expect(kindsIn(text)).toEqual(['GitHub token in pieces']))

  it.each(Object.keys(LOOK_ALIKES))('finds nothing in a %s, as it is or encoded', (name) => {
    const text = `before ${LOOK_ALIKES[name]?.slice(0, 1000)} after`
    expect([...kindsIn(text), ...kindsIn(Buffer.from(text).toString('base64'))]).toEqual([])
  })
})

describe('joinedTexts', () => {
  it('names the first piece of an array', () => {
    const document = { kind: 'build', labels: ['one', A, B, C] }
    expect([...joinedTexts(readDocument(document).texts)].map(({ pointer }) => pointer())).toEqual(['/labels/1'])
  })

  it('joins members of an object', () => {
    expect([...joinedTexts(readDocument({ a: A, b: B + C }).texts)]).toHaveLength(1)
  })

  it('joins no words that follow a prefix', () => {
    expect([...joinedTexts(readDocument(['sk_live_', 'production', 'configuration']).texts)]).toEqual([])
  })
})
