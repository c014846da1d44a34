import { describe, expect, it } from 'vitest'
import { FAKE_SECRETS } from '../cases/made-up-secrets.ts'
import { readDocument } from '../facts/subject.ts'
import { subjectFor } from '../testing/requests.ts'
import { secretsInArguments, secretsInOutput } from './secrets.ts'

const TOKEN = FAKE_SECRETS['github-token'] as string
const OUTPUT = { runId: '01890a5d-ac96-774b-bcce-b302099a8057', tenant: 'acme', principal: 'user:owner' }

describe('secrets in arguments', () => {
  it('are named by place and kind', () => {
    const input = { files: [{ content: 'fine' }, { content: `a ${TOKEN} b` }], key: FAKE_SECRETS['rsa-key'] as string }
    expect(secretsInArguments.find(subjectFor({ action: { input, effects: ['write'] } }))).toMatchObject([
      { rule: 'secret_in_arguments', evidence: '/files/1/content: GitHub token, /key: private key' },
    ])
  })

  it('may stay inside the run', () => {
    expect(secretsInArguments.find(subjectFor({ action: { input: { text: TOKEN }, effects: ['read'] } }))).toEqual([])
  })
})

describe('secrets in an output', () => {
  it('are found where the output is the secret itself', () => {
    expect(secretsInOutput.find({ ...OUTPUT, outputs: TOKEN, ...readDocument(TOKEN) })).toMatchObject([
      { evidence: '(root): GitHub token' },
    ])
  })
})
