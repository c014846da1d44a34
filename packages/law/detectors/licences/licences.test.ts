import { describe, expect, it } from 'vitest'
import { subjectFor } from '../../testing/requests.ts'
import { licences } from './licences.ts'

const H = 'licence_conflict'
const W = 'licence_weak_copyleft'

const rulesFor = (input: Record<string, string>, effect: 'read' | 'write' = 'write'): string[] =>
  licences
    .find(subjectFor({ action: { skillId: 'workspace.write-file', effects: [effect], input } }))
    .map(({ rule }) => rule)

const CASES: ReadonlyArray<readonly [rule: string, path: string | undefined, content: string]> = [
  [H, 'a.py', '# SPDX-License-Identifier: GPL-3.0-or-later\nx=1'],
  [H, 'q.sql', '-- Licensed under the AGPLv3\nselect 1;'],
  [H, 'a.lua', '--[[\n Released under GPL v2 or later\n]]\nlocal x'],
  [W, 'a.css', '/* @license LGPL-2.1 */\na{}'],
  [H, 'vendor/x/setup.py', "from setuptools import setup\nsetup(name='x', license='AGPLv3', version='1')"],
  [
    H,
    'vendor/x/pom.xml',
    '<project><licenses>\n<license>\n<name>GNU General Public License, version 2</name></license></licenses></project>',
  ],
  [H, 'vendor/x/composer.json', '{"name":"a/b","license":"GPL-3.0-or-later"}'],
  ['', 'vendor/x/composer.json', '{"name":"a/b","license":["MIT","GPL-3.0-or-later"]}'],
  [W, 'vendor/x/x.gemspec', "Gem::Specification.new do |s|\n  s.license = 'LGPL-3.0'\nend"],
  [W, 'vendor/x/Cargo.toml', '[package]\nname="x"\nlicense = "MPL-2.0"\n'],
  ['', 'vendor/x/Cargo.toml', '[package]\nname="x"\nlicense = "MIT OR Apache-2.0"\nlicense-file = "LICENSE"'],
  ['', 'vendor/x/Cargo.toml', '[package]\nname="gpl-tools"\nlicense = "MIT/Apache-2.0"\n'],
  [H, 'vendor/x/package.json', '{"license":"CC-BY-NC-4.0"}'],
  [W, 'vendor/x/package.json', '{"license":"GPL-2.0 WITH Classpath-exception-2.0"}'],
  ['', 'vendor/x/package.json', '{"license":"SEE LICENSE IN LICENSE.md"}'],
  ['', 'package.json', '{"name":"me","private":true,"license":"UNLICENSED"}'],
  [H, 'vendor/x/package.json', '{"license":"Proprietary"}'],
  [H, 'src/a.js', '// Free for non-commercial use only.\nexport const a=1'],
  [H, 'src/a.js', '/* (c) Acme. Licensed under the Elastic License 2.0 */'],
  ['', 'src/a.rs', '// SPDX-License-Identifier: MIT OR GPL-3.0-only\n'],
  [
    '',
    'src/header.ts',
    'export const HEADER = `\n/*\n * This program is free software under the terms of the GNU General Public License\n */\n`',
  ],
  ['', 'deny.toml', '[licenses]\nallow = ["MIT"]\ndeny = ["GPL-3.0"]\n'],
  ['', '.github/workflows/l.yml', 'jobs:\n  a:\n    with:\n      deny-licenses: GPL-3.0, AGPL-3.0\n'],
  [
    '',
    'src/check.py',
    '# Returns True for packages that are released under the GPL.\n# GPL code is not accepted here.\ndef f(): pass',
  ],
  ['', 'src/a.ts', '// TODO: replace this GPL library by one of our own\n'],
  ['', 'src/a.ts', '// The licence must not be GPL; see docs.\nconst s = "GPL-3.0"'],
  ['', 'src/a.ts', '/** Parses `SPDX-License-Identifier` headers. */\nexport function f() {}'],
  [H, 'src/a.ts', '/*\n * Business Source License 1.1\n *\n * Licensor: X\n */\nexport {}'],
  [H, undefined, '// Licensed under the Server Side Public License v1\nint x;'],
  [
    W,
    'src/a.java',
    '/* This library is free software; you can redistribute it and/or\n * modify it under the terms of the GNU Lesser General Public\n * License as published by the Free Software Foundation */',
  ],
  [H, 'src/a.js', '/*! foo v1 | (c) X | GPL-3.0 License */!function(){}()'],
  ['', 'src/a.js', '/*! jQuery v1 | Dual licensed under the MIT or GPL Version 2 licenses. */'],
  ['', 'src/a.js', '/*! foo v1 | MIT License */!function(){}()'],
  [
    H,
    'src/a.py',
    '"""\nThis file is part of Foo.\n\nFoo is free software: you can redistribute it and/or modify it under the\nterms of the GNU Affero General Public License as published by the FSF.\n"""',
  ],
  [H, 'src/a.ts', '// Acme Corp. Proprietary and confidential.\n'],
  ['', 'src/a.ts', '// Masks confidential fields before logging.\n// Handles the proprietary format of the vendor.\n'],
  [H, 'vendor/x/README.md', '# x\n\n## License\n\nAGPL-3.0\n'],
  [H, 'vendor/x/README.md', '# x\n\n## License\n\nThis project is licensed under the GPL v3.\n'],
  ['', 'vendor/x/README.md', '# x\n\n## License\n\nMIT\n'],
  ['', 'README.md', '## License\n\nApache-2.0. Some tools we use are GPL.\n'],
  [H, 'src/a.ts', '// SPDX-License-Identifier: (MIT AND GPL-2.0-only)\n'],
  [H, 'src/a.ts', '// code taken from foo, which is licensed under the GNU GPL v3\n'],
  [H, 'src/a.ts', '// License: GPL-2.0+\n'],
  [H, 'src/a.ts', '// Licence - AGPL v3\n'],
  [W, 'src/a.ts', '// under CC-BY-SA 3.0, from https://stackoverflow.com/a/1\n'],
  [W, 'src/a.ts', '// Source: https://stackoverflow.com/q/1 (CC BY-SA 4.0)\n'],
  [H, 'assets/icons/LICENSE.txt', 'Creative Commons Attribution-NonCommercial 4.0 International'],
  [H, 'vendor/sdk/LICENSE', 'END USER LICENSE AGREEMENT\n\nYou may not copy, modify or redistribute the Software.'],
  [H, 'vendor/sdk/LICENSE', 'Copyright 2020 Foo. All rights reserved. This software is proprietary and confidential.'],
  [
    '',
    'vendor/sdk/LICENSE',
    'Copyright 2020 Foo. All rights reserved. Permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted',
  ],
  [
    '',
    'LICENSE',
    '                                 Apache License\n                           Version 2.0, January 2004\n',
  ],
  [H, 'vendor/x/pyproject.toml', '[project]\nlicense = "AGPL-3.0-only"\n'],
  [H, 'vendor/x/pyproject.toml', '[project]\nclassifiers = ["License :: Other/Proprietary License"]\n'],
  [
    '',
    'vendor/x/pyproject.toml',
    '[project]\nlicense = {file = "LICENSE"}\nclassifiers = ["License :: OSI Approved :: MIT License"]\n',
  ],
  [
    W,
    'vendor/x/pyproject.toml',
    '[project]\nclassifiers = ["License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)"]\n',
  ],
  ['', 'src/spdx.json', '{"licenses":[{"licenseId":"GPL-3.0-only","name":"GNU General Public License v3.0 only"}]}'],
  ['', 'data/licenses/GPL-3.0.txt', 'GNU GENERAL PUBLIC LICENSE\nVersion 3'],
  [
    H,
    'src/a.go',
    '// Copyright 2021 Foo\n// Use of this source code is governed by the Business Source License\n// included in the file LICENSE.\npackage a',
  ],
  [
    '',
    'src/a.go',
    '// Use of this source code is governed by a BSD-style\n// license that can be found in the LICENSE file.\npackage a',
  ],
  ['', 'src/a.ts', '// requires a commercial flight licence number\nconst n = 1'],
  ['', 'src/a.ts', '/** Whether a customer has a commercial licence of our product. */'],
  [H, 'src/a.ts', '// © Foo GmbH. Unauthorised copying is prohibited.\n'],
  [H, 'a.sh', '#!/bin/sh\n# This script is licensed under GPLv3.\necho'],
  [H, 'index.html', '<!-- SPDX-License-Identifier: AGPL-3.0-only -->\n<html>'],
  [H, 'src/x.vue', '<!--\n SPDX-License-Identifier: AGPL-3.0-only\n-->\n<template/>'],
  [W, 'src/x.scala', '// This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0.\n'],
  [H, 'p/x.ts', '// S\u200bPDX-License-Identifier: A\u200bGPL-3.0-only\n'],
  [H, 'src/foo.h', '/* vendored from libfoo (GPL-2.0) */\n'],
  [H, 'src/foo.c', '// Portions copyright (C) 1999 X, distributed under the GNU General\n// Public Licence\n'],
  ['', 'src/foo.c', '// not derived from the GPL version; clean-room implementation\n'],
  ['', 'src/foo.ts', '// We were formerly licensed under the GPL; now MIT.\n'],
  ['', 'CHANGELOG.md', '- Relicensed from GPL-3.0 to MIT\n'],
  [H, 'src/model.py', '# Weights and code are released for research purposes only; commercial use is prohibited.\n'],
  ['', 'i18n/de.ts', 'export default { a: "Nur für nicht-kommerzielle Nutzung", b: "Licensed under the GPL" }'],
]

describe('licences', () => {
  it.each(CASES)('%j for %j: %j', (rule, path, content) =>
    expect(rulesFor({ ...(path === undefined ? {} : { path }), content })).toEqual(rule === '' ? [] : [rule]),
  )

  it('judges what a patch adds, not what it takes away', () => {
    const patch = (before: string, after: string): string =>
      `--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1 +1 @@\n-// SPDX-License-Identifier: ${before}\n+// SPDX-License-Identifier: ${after}\n`
    expect(rulesFor({ patch: patch('MIT', 'GPL-3.0-only') })).toEqual([H])
    expect(rulesFor({ patch: patch('GPL-3.0-only', 'MIT') })).toEqual([])
  })

  it('leaves reading alone', () =>
    expect(rulesFor({ path: 'a.ts', content: '// SPDX-License-Identifier: GPL-3.0-only' }, 'read')).toEqual([]))

  it('names the file', () => {
    const input = { path: 'src/a.ts', content: '// SPDX-License-Identifier: GPL-3.0-only' }
    const [fact] = licences.find(subjectFor({ action: { effects: ['write'], input } }))
    expect(fact).toMatchObject({ evidence: 'src/a.ts', spans: [{ pointer: '/content' }] })
  })

  it('takes bounded time for any content', () => {
    const parts = [
      '/*!',
      '"""',
      '`',
      '// licence ',
      'license: ',
      '"license": [',
      'under the ',
      'GPL ',
      '(',
      'released to a ',
    ]
    const paths = ['a.ts', 'vendor/x/LICENSE', 'vendor/x/pyproject.toml', 'package-lock.json', 'vendor/x/README.md']
    const start = performance.now()
    for (const part of parts) {
      for (const path of paths) rulesFor({ path, content: `licence\n// ${part.repeat(100_000 / part.length)}` })
    }
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
