import type { AddCommand } from '../../shell.ts'
import { addActivate } from './activate.ts'
import { addBacktest } from './backtest.ts'
import { addCheck } from './check.ts'
import { addGate } from './gate.ts'
import { addShow } from './show.ts'
import { addTest } from './test.ts'

const EXAMPLES = `
Examples:
  $ azora constitution show
  $ azora constitution test
  $ azora constitution check
  $ azora constitution gate --base origin/main
  $ azora constitution backtest draft --since 7d
  $ azora constitution activate draft`

/** Each adds one command. */
const COMMANDS: readonly AddCommand[] = [addShow, addCheck, addTest, addGate, addActivate, addBacktest]

export const addConstitution: AddCommand = (parent, shell) => {
  const constitution = parent
    .command('constitution')
    .description('read, try and change the law that judges every action')
    .addHelpText('after', EXAMPLES)
  for (const add of COMMANDS) add(constitution, shell)
}
