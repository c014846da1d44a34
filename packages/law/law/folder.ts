import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type LawFile, readLaw, readText, unreadable } from './files.ts'

const MAX_CASE_FILES = 500
/** The page that says why, for people. */
export const EXPLANATION = 'CONSTITUTION.md'

/** The files of a constitution that decide; cases and explanation don't. */
export const lawFilesOf = (files: readonly LawFile[]): LawFile[] =>
  files.filter(({ name }) => name !== EXPLANATION && !name.startsWith('cases/'))

/** The law with its cases and its explanation, as far as the folder has them. Throws `law_unreadable`. */
export async function readConstitution(folder: string): Promise<LawFile[]> {
  const [law, cases, top] = await Promise.all([readLaw(folder), namesIn(join(folder, 'cases')), namesIn(folder)])
  const names = cases.filter((name) => name.endsWith('.json')).map((name) => `cases/${name}`)
  if (names.length > MAX_CASE_FILES) throw unreadable(`${folder} has more than ${MAX_CASE_FILES} files of cases`)
  if (top.includes(EXPLANATION)) names.push(EXPLANATION)
  const others = await Promise.all(names.sort().map(async (name) => ({ name, text: await readText(folder, name) })))
  return [...law, ...others]
}

/** Of a folder that need not exist. */
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
