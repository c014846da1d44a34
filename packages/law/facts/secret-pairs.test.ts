import { describe, expect, it } from 'vitest'
import { maskSecrets, secretKindsIn } from './secrets.ts'

/** Put together here, so that no scanner of this repository takes them for real. */
const PASSWORD = ['Kx92', 'hd7Qw'].join('')
const TOKEN = ['dWQhqzWdQRAUCrwMZvfX1', 'HIWWHuzjqOzEQCynQOD'].join('')

const SECRETS = [
  `env:\n  - name: DB_PASSWORD\n    value: ${PASSWORD}\n`,
  `{"env":[{"name":"API_TOKEN","value":"${TOKEN}"}]}`,
  `{\\"key\\":\\"API_TOKEN\\",\\"value\\":\\"${TOKEN}\\"}`,
  `{"auth":{"token":{"value":"${TOKEN}"}}}`,
  `variable "db_password" {\n  type = string\n  default = "${PASSWORD}"\n}`,
  `Content-Disposition: form-data; name="password"\r\n\r\n${PASSWORD}\r\n--b`,
  `FROM alpine\nENV DB_PASSWORD ${PASSWORD}\n`,
  `CREATE USER ann WITH PASSWORD '${PASSWORD}'`,
  `ALTER USER ann IDENTIFIED BY '${PASSWORD}'`,
  `ConvertTo-SecureString "${PASSWORD}" -AsPlainText`,
  `<password><![CDATA[${PASSWORD}]]></password>`,
  `client := New(WithToken("${TOKEN}"))`,
  `the password for the server is "${PASSWORD}"`,
  `user,password\nann,${PASSWORD}\n`,
  `| user | password |\n|---|---|\n| ann | ${PASSWORD} |`,
]

const OTHERS = [
  'env:\n  - name: API_TOKEN\n    valueFrom:\n      secretKeyRef: keys\n',
  'name: PASSWORD_MIN_LENGTH\nvalue: "12"',
  'variable "db_password" {\n  type = string\n}',
  `variable "region" {\n  default = "${TOKEN}"\n}`,
  '| option | password |\n|---|---|\n| length | 12 characters |',
  'user,password_hint\nann,firstPet1\n',
  'const token = parseToken("some-name-1234-of-a-thing")',
  `{"token":"useDefaultHTML5ParserForDocuments"}`,
  `secretKey = 'ThisIsTheNameOfTheSecretKey'`,
  'ENV DB_PASSWORD $DB_PASSWORD',
  "CREATE USER ann WITH PASSWORD 'changeme'",
  'ConvertTo-SecureString $password -AsPlainText',
]

describe('names and values that stand apart', () => {
  it.each(SECRETS)('give a secret away in %j', (text) => {
    expect(secretKindsIn(text)).toHaveLength(1)
    expect(maskSecrets(text)).not.toContain(PASSWORD)
    expect(maskSecrets(text)).not.toContain(TOKEN)
  })

  it.each(OTHERS)('give none away in %j', (text) => expect(secretKindsIn(text)).toEqual([]))
})
