import { describe, expect, it } from 'vitest'
import { hasStem, stemsOf } from './words.ts'

const STEMS = stemsOf('born diag dob')

describe('hasStem', () => {
  it.each(['born in May', 'a Diagnosis', 'the diagnosed', 'DOB: 1.2.1990', 'userDob', 'x_born', 'né', 'BORN'])(
    'finds one in %j',
    (text) => expect(hasStem(text, STEMS)).toBe(true),
  )

  it.each(['', 'stubborn', 'a dobro', 'bor n', 'dia gnosis', 'airborne'])('finds none in %j', (text) => {
    expect(hasStem(text, STEMS)).toBe(false)
  })
})
