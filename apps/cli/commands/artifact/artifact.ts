import type { AddCommand } from '../../shell.ts'
import { addGet } from './get.ts'
import { addList } from './list.ts'
import { addPut } from './put.ts'
import { addRemove } from './remove.ts'
import { addShow } from './show.ts'

const EXAMPLES = `
Examples:
  $ azora artifact put data.csv
  $ azora artifact list
  $ azora artifact remove 9f86d081884c7d65
  $ azora artifact list RUN
  $ azora artifact get RUN 9f86d081884c7d65 -o out.txt

The journal holds an artifact's digest; what is fetched is checked against it. A digest may be shortened as long as it is
clear which one is meant.`

/** What people hand over, and what the actions of a run left behind: files, and what they printed, byte for byte. */
export const addArtifact: AddCommand = (parent, shell) => {
  const artifact = parent
    .command('artifact')
    .description('hand over files, and fetch what actions left behind')
    .addHelpText('after', EXAMPLES)
  for (const add of [addPut, addList, addShow, addGet, addRemove]) add(artifact, shell)
}
