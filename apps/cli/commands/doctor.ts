import type { Command } from 'commander'
import type { Finding } from '../doctor/finding.ts'
import { findings } from '../doctor/findings.ts'
import { EXIT } from '../exit.ts'
import { padded, printable, type Style } from '../output/style.ts'
import type { AddCommand } from '../shell.ts'

export const addDoctor: AddCommand = (parent, shell) => {
  parent
    .command('doctor')
    .description('check that this machine can run Azora, and say how to mend what it lacks')
    .addHelpText(
      'after',
      '\nExamples:\n  $ azora doctor\n  $ azora doctor --json | jq \'.checks[] | select(.level != "ok")\'',
    )
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async (session) => {
        const checks = await findings(session)
        const ok = checks.every(({ level }) => level !== 'fail')
        session.screen.show({ ok, checks }, () => findingsText(session.screen.style, checks))
        return ok ? EXIT.ok : EXIT.failed
      })
    })
}

export function findingsText(style: Style, checks: readonly Finding[]): string {
  const symbols = { ok: style.good('✓'), warn: style.heed('!'), fail: style.bad('✗') }
  const width = Math.max(...checks.map(({ name }) => name.length))
  return checks
    .flatMap(({ name, level, detail, mend }) => [
      `${symbols[level]} ${padded(name, width)}  ${printable(detail)}`,
      ...(mend === undefined ? [] : [`  ${padded('', width)}  ${style.quiet(printable(mend))}`]),
    ])
    .join('\n')
}
