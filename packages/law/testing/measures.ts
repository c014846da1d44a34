/**
 * Prints how well the detectors do on the labelled cases, as the README of the law has it: `node packages/law/testing/measures.ts`,
 * with `--misses` also what they get wrong.
 */
import { pathToFileURL } from 'node:url'
import { measureAll, missesOf, tableOf } from './measure.ts'

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const measured = await measureAll()
  process.stdout.write(`${tableOf(measured)}\n`)
  if (process.argv.includes('--misses')) process.stdout.write(`\n${missesOf(measured).join('\n')}\n`)
}
