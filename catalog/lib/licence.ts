import path from 'node:path'
import { isRecord, readJsonObject, readText } from './read-text.ts'

export interface Licence {
  /** SPDX licence expression, or `unknown` for a licence file whose text isn't recognised. */
  spdx: string
  /** The file that says so. */
  source: string
}

/** Phrases that tell licence texts apart; the first match decides, so narrower ones come first. */
const TEXTS: ReadonlyArray<readonly [string, RegExp]> = [
  ['AGPL-3.0', /GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3/i],
  ['LGPL-3.0', /GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3/i],
  ['LGPL-2.1', /GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1/i],
  ['GPL-3.0', /GNU GENERAL PUBLIC LICENSE\s+Version 3/i],
  ['GPL-2.0', /GNU GENERAL PUBLIC LICENSE\s+Version 2/i],
  ['Apache-2.0', /Apache License,?\s+Version 2\.0/i],
  ['MPL-2.0', /Mozilla Public License,?\s+(Version|v\.?) ?2\.0/i],
  ['EPL-2.0', /Eclipse Public License - v 2\.0/i],
  ['BSL-1.0', /Boost Software License - Version 1\.0/i],
  ['CC0-1.0', /CC0 1\.0 Universal/i],
  ['Unlicense', /This is free and unencumbered software released into the public domain/i],
  ['MIT', /Permission is hereby granted, free of charge, to any person obtaining a copy[\s\S]{0,60}of this software/i],
  [
    'ISC',
    /Permission to use, copy, modify,? and(\/or)? distribute this software for any[\s\S]{0,200}provided that the above/i,
  ],
  ['0BSD', /Permission to use, copy, modify,? and(\/or)? distribute this software for any/i],
  [
    'BSD-3-Clause',
    /Redistribution and use in source and binary forms[\s\S]*(Neither the name|names of its contributors)/i,
  ],
  ['BSD-2-Clause', /Redistribution and use in source and binary forms/i],
  ['Zlib', /This software is provided 'as-is'[\s\S]*altered source versions must be plainly marked/i],
]

const EXPRESSION = /^[A-Za-z0-9.+()\- ]{1,100}$/
const LICENCE_FILE = /^(licen[cs]e|copying|unlicense)([.-][a-z0-9.-]+)?$/i

export function recogniseLicence(text: string): string | undefined {
  const tag = /SPDX-License-Identifier:\s*([A-Za-z0-9.+()\- ]{1,100})/.exec(text)?.[1]
  return tag?.trim() ?? TEXTS.find(([, phrase]) => phrase.test(text))?.[0]
}

/** What a project says its licence is: its licence file, else its package's manifest. */
export async function findLicence(directory: string, rootFiles: readonly string[]): Promise<Licence | null> {
  const named = rootFiles.filter((name) => LICENCE_FILE.test(name)).sort((a, b) => a.length - b.length)
  for (const source of named) {
    const spdx = recogniseLicence((await readText(path.join(directory, source), 65_536)) ?? '')
    if (spdx !== undefined) return { spdx, source }
  }
  return (await ofManifest(directory)) ?? (named[0] === undefined ? null : { spdx: 'unknown', source: named[0] })
}

async function ofManifest(directory: string): Promise<Licence | null> {
  const manifest = await readJsonObject(path.join(directory, 'package.json'))
  const value = isRecord(manifest?.license) ? manifest.license.type : manifest?.license
  if (typeof value === 'string' && EXPRESSION.test(value)) return { spdx: value, source: 'package.json' }
  for (const source of ['pyproject.toml', 'Cargo.toml']) {
    const text = await readText(path.join(directory, source))
    const found = /^license\s*=\s*(?:\{\s*text\s*=\s*)?"([^"\n]+)"/m.exec(text ?? '')?.[1]
    if (found !== undefined && EXPRESSION.test(found)) return { spdx: found, source }
  }
  return null
}
