import { describe, expect, it } from 'vitest'
import { secretUnderName } from './secret-values.ts'
import { maskSecrets, secretKindsIn } from './secrets.ts'

/** Put together here, so that no scanner of this repository takes them for real. */
const PASSWORD = ['Kx92', 'hd7Qw'].join('')
const TOKEN = ['x9Kd02mXn47', 'Lp1q83jf9Kd'].join('')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const SECRETS = [
  `DB_PASSWORD=${PASSWORD}`,
  `"password": "${PASSWORD}"`,
  `smtpPass: '${PASSWORD}'`,
  `tool --password ${PASSWORD} --host db`,
  `mysql -u root -p${PASSWORD} shop`,
  `curl -u deploy:${PASSWORD} https://example.org`,
  `sshpass -p ${PASSWORD} ssh root@host`,
  `machine api.example.org login ann password ${PASSWORD}`,
  `db.internal:5432:shop:app:${PASSWORD}`,
  `postgres://app:${PASSWORD}@db:5432/shop`,
  `redis://:${PASSWORD}@cache:6379/0`,
  `Server=db;User ID=app;Password=${PASSWORD};Encrypt=True`,
  `The password is ${PASSWORD}, please keep it.`,
  `<password>${PASSWORD}</password>`,
  `define('DB_PASSWORD', '${PASSWORD}');`,
  `密码: ${PASSWORD}`,
  `Authorization: Basic ${base64(`deploy:${PASSWORD}`)}`,
  `{"auths":{"r.example.org":{"auth":"${base64(`ci:${PASSWORD}`)}"}}}`,
  `Authorization: Bearer ${TOKEN}`,
  `Cookie: theme=dark; sessionid=${TOKEN}`,
  `https://example.org/cb?access_token=${TOKEN}`,
  `//registry.npmjs.org/:_authToken=${['6f1d9a52', '4c07-4f7e-b6d2-905e1a7c6d48'].join('-')}`,
  `X-Api-Key: ${TOKEN}`,
]

const OTHERS = [
  'password: <your password>',
  'DB_PASSWORD=$DB_PASSWORD',
  'password: changeme',
  'const password = await prompt("Password: ")',
  'token = request.headers["authorization"]',
  'openTokens[tokenDepth] = nextBraceIsClassDeclaration;',
  'postgres://user:password@localhost:5432/db',
  'postgres://postgres:postgres@localhost/test',
  'max_tokens: 4096, nextPageToken: CAUQAA9f8Kd02mXn47Lp1q83jf9',
  `csrf_token=${TOKEN}`,
  `public_key: "${TOKEN}"`,
  'Authorization: Bearer <token>',
  `token: $${'{{ secrets.GH_TOKEN }}'}`,
  'Passwords must contain: 8+ characters, 1 number, 1 symbol',
  'idempotency_key: 6f1d9a52-4c07-4f7e-b6d2-905e1a7c6d48',
  'password_hash = "' + '$2b$12$KIXQ1Z0Z9aZ0bZ9Z0cZ9Z0dZ9uKIXQ1Z0Z9"',
  'secretName: my-app-tls-2024',
]

describe('secrets that a text assigns', () => {
  it.each(SECRETS)('are found in %j', (text) => expect(secretKindsIn(text)).toHaveLength(1))

  it.each(SECRETS)('are masked in %j', (text) => {
    const masked = maskSecrets(text)
    expect(masked).not.toContain(PASSWORD)
    expect(masked).not.toContain(TOKEN)
    expect(masked).not.toBe(text)
  })

  it.each(OTHERS)('are not in %j', (text) => expect(secretKindsIn(text)).toEqual([]))
})

describe('secretUnderName', () => {
  it.each([
    ['password', PASSWORD, 'password'],
    ['clientSecret', TOKEN, 'secret value'],
    ['api_key', TOKEN, 'secret value'],
    ['password', 'string', undefined],
    ['passwordHint', PASSWORD, undefined],
    ['title', TOKEN, undefined],
  ])('takes %s of %s for %s', (name, value, kind) => expect(secretUnderName(name, value)).toBe(kind))
})
