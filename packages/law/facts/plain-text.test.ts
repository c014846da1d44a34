import { describe, expect, it } from 'vitest'
import { plainText } from './plain-text.ts'

describe('plainText', () => {
  it.each([
    ['full-width forms', 'ｃａｒｄ：４４７６', 'card:4476'],
    ['Arabic-Indic digits', '٠١٢٣٤٥٦٧٨٩', '0123456789'],
    ['Persian digits', '۰۱۲۳۴۵۶۷۸۹', '0123456789'],
    ['Devanagari digits', '०१२३४५६७८९', '0123456789'],
    ['mathematical digits', '𝟎𝟏𝟐𝟗', '0129'],
    ['thin spaces', '4476\u20091390', '4476 1390'],
    ['zero-width characters', 'gh\u200bp\u2060_\ufeffx', 'ghp_x'],
    ['soft hyphens', 'pass\u00adword', 'password'],
    ['dashes', '415–83−2096', '415-83-2096'],
  ])('reads %s', (_, text, plain) => expect(plainText(text)).toBe(plain))

  it('leaves ASCII as it is', () => expect(plainText('a\tb\nc ~')).toBe('a\tb\nc ~'))
  it('keeps letters of other scripts', () => expect(plainText('Zürich 東京')).toBe('Zürich 東京'))
})
