import { expect, it } from 'vitest'
import { foldLookAlikes } from './look-alikes.ts'

it.each([
  ['Plain Text', 'plain text'],
  ['ехаmрlе', 'example'],
  ['ｅｘａｍｐｌｅ', 'example'],
  ['𝐞𝐱𝐚𝐦𝐩𝐥𝐞', 'example'],
])('%s reads as %s', (text, read) => expect(foldLookAlikes(text)).toBe(read))
