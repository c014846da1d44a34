/**
 * Describes a catalog: `node describe.ts <folder>`.
 *
 * Prints one JSON document, `{skills, agents, errors}`, to standard output; standard error is the log of the modules.
 */
import { resolve } from 'node:path'
import { describeCatalog } from './catalog.ts'
import { claimStdout } from './stdout.ts'

const LOAD_MS_MAX = 10_000

const write = claimStdout()
const [folder] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node describe.ts <folder of a catalog>')
  process.exit(2)
}
write(`${JSON.stringify(await describeCatalog(resolve(folder), LOAD_MS_MAX))}\n`)
process.exit(0)
