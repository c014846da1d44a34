import type { AddCommand } from '../../shell.ts'
import { addControls } from './control.ts'
import { addEvidence } from './evidence.ts'
import { addFork, addMigrate, addRestart } from './fork.ts'
import { addList } from './list.ts'
import { addOutput } from './output.ts'
import { addShow } from './show.ts'
import { addSignal } from './signal.ts'
import { addStart } from './start.ts'
import { addWatch } from './watch.ts'

export const addRun: AddCommand = (parent, shell) => {
  const run = parent
    .command('run')
    .description('start, watch and control runs')
    .addHelpText(
      'after',
      '\nExamples:\n  $ azora run list --state running\n  $ azora run watch 01920000-0000-7000-8000-000000000001',
    )
  for (const add of [addStart, addList, addShow, addWatch, addOutput, addControls]) add(run, shell)
  for (const add of [addFork, addRestart, addMigrate, addSignal, addEvidence]) add(run, shell)
}
