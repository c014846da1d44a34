import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { makeFolder, writeFiles } from '../testing/workspace.ts'
import { findLicence, recogniseLicence } from './licence.ts'

test("recognises this project's own licence", () => {
  expect(recogniseLicence(readFileSync(new URL('../../LICENSE', import.meta.url), 'utf8'))).toBe('Apache-2.0')
})

test.each([
  ['SPDX-License-Identifier: MIT OR Apache-2.0', 'MIT OR Apache-2.0'],
  ['GNU GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007', 'GPL-3.0'],
  ['GNU LESSER GENERAL PUBLIC LICENSE\n Version 3', 'LGPL-3.0'],
  ['Redistribution and use in source and binary forms …\n3. Neither the name of the holder', 'BSD-3-Clause'],
  ['Redistribution and use in source and binary forms …', 'BSD-2-Clause'],
  ['All rights reserved.', undefined],
])('recognises %j', (text, spdx) => {
  expect(recogniseLicence(text)).toBe(spdx)
})

test('asks the manifest where there is no licence file, and admits what it does not know', async () => {
  const folder = makeFolder()
  writeFiles(folder, { 'pyproject.toml': '[project]\nlicense = { text = "BSD-3-Clause" }\n' })
  expect(await findLicence(folder, ['pyproject.toml'])).toEqual({ spdx: 'BSD-3-Clause', source: 'pyproject.toml' })
  const proprietary = makeFolder()
  writeFiles(proprietary, { 'LICENSE.txt': 'All rights reserved.' })
  expect(await findLicence(proprietary, ['LICENSE.txt'])).toEqual({ spdx: 'unknown', source: 'LICENSE.txt' })
  expect(await findLicence(makeFolder(), [])).toBeNull()
})
