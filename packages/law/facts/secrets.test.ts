import { describe, expect, it } from 'vitest'
import { FAKE_SECRETS, LOOK_ALIKES } from '../cases/made-up-secrets.ts'
import { maskSecrets, secretKindsIn } from './secrets.ts'

describe('secretKindsIn', () => {
  it.each(Object.keys(FAKE_SECRETS))('finds a %s in the middle of text', (name) => {
    expect(secretKindsIn(`before "${FAKE_SECRETS[name]}" after`)).toHaveLength(1)
  })

  it.each(Object.keys(LOOK_ALIKES))('takes a %s for no secret', (name) => {
    expect(secretKindsIn(`before ${LOOK_ALIKES[name]} after`)).toEqual([])
  })

  it.each(Object.keys(FAKE_SECRETS))('finds a %s after an escaped line feed', (name) => {
    expect(secretKindsIn(JSON.stringify(`a\n${FAKE_SECRETS[name]}\nb`))).toHaveLength(1)
  })

  it('takes the end of a word for no token', () => {
    expect(secretKindsIn(`disk_live_${'a'.repeat(24)} and laughp_${'a'.repeat(36)}`)).toEqual([])
  })

  it('finds a key whose line feeds are escaped', () => {
    expect(secretKindsIn(JSON.stringify(FAKE_SECRETS['rsa-key']))).toEqual(['private key'])
  })

  it('answers the same however often it is asked', () => {
    const text = `${FAKE_SECRETS['github-token']}`
    expect([secretKindsIn(text), secretKindsIn(text)]).toEqual([['GitHub token'], ['GitHub token']])
  })
})

describe('maskSecrets', () => {
  it.each(Object.keys(FAKE_SECRETS))('leaves nothing of a %s', (name) => {
    const masked = maskSecrets(`/files/${FAKE_SECRETS[name]}`)
    expect(secretKindsIn(masked)).toEqual([])
    expect(masked).not.toContain('aB3dE5gH7jK9')
  })

  it('leaves other text alone', () => expect(maskSecrets('/srv/repo/src')).toBe('/srv/repo/src'))
})
