import { describe, expect, it } from 'vitest'
import { iin, luhn, medicare, myNumber, nhsNumber, nik, nric, snils, taj } from './checksums.ts'

describe('check digits', () => {
  it.each([
    ['luhn', luhn, '4476139002851742', '4476139002851743'],
    ['nhsNumber', nhsNumber, '9434765919', '9434765918'],
    ['snils', snils, '11223344595', '11223344596'],
    ['myNumber', myNumber, '123456789018', '123456789017'],
    ['nric', nric, 'S1234567D', 'S1234567E'],
    ['nric of a foreigner', nric, 'G1234567X', 'G1234567Y'],
    ['taj', taj, '123456788', '123456787'],
    ['medicare', medicare, '2123456701', '2123456711'],
    ['iin', iin, '850714300018', '850714300019'],
    ['nik', nik, '3171234507890123', '3171233907890123'],
  ])('%s', (_, check, right, wrong) => expect([check(right), check(wrong)]).toEqual([true, false]))
})
