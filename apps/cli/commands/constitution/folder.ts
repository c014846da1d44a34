import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CliError, EXIT } from '../../exit.ts'
import { PROJECT_ROOT } from '../../launch/paths.ts'

const REMEDY = 'Name the folder that holds articles/, schema.cedarschema and thresholds.json.'

/** The folder that was named, else `constitution` of the current directory, else that of this checkout. */
export async function constitutionFolder(given: string | undefined): Promise<string> {
  const candidates =
    given === undefined ? [resolve('constitution'), resolve(PROJECT_ROOT, 'constitution')] : [resolve(given)]
  for (const folder of candidates) {
    const found = await stat(folder).catch(() => undefined)
    if (found?.isDirectory()) return folder
  }
  throw new CliError(EXIT.missing, 'folder_missing', `there is no folder ${candidates[0]}`, REMEDY)
}

const EXITS: ReadonlyMap<unknown, number> = new Map([
  ['law_invalid', EXIT.failed],
  ['cases_invalid', EXIT.failed],
  ['law_unreadable', EXIT.missing],
])

/** A task whose errors about the law are the law's fault and not a defect of Azora. `version` names the law in messages. */
export async function aboutLaw<T>(version: string, task: () => T | Promise<T>): Promise<T> {
  try {
    return await task()
  } catch (thrown) {
    const exit = thrown instanceof Error && 'code' in thrown ? EXITS.get(thrown.code) : undefined
    if (exit === undefined || !(thrown instanceof Error && 'code' in thrown)) throw thrown
    const remedy = 'remedy' in thrown && typeof thrown.remedy === 'string' ? thrown.remedy : undefined
    throw new CliError(exit, String(thrown.code), `${version}: ${thrown.message}`, remedy)
  }
}
