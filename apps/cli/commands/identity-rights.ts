import { type PrincipalDecision, Right, type RoleView } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT, usageError } from '../exit.ts'
import type { Style } from '../output/style.ts'
import { table } from '../output/text.ts'
import type { AddCommand } from '../shell.ts'

const EXAMPLES = `
Examples:
  $ azora identity can alice run.create
  $ azora identity can me review.decide --json
  $ azora identity can ci run.manage RUN
  $ azora identity roles`

/** Who may do what, and why. */
export const addRights: AddCommand = (identity, shell) => {
  identity
    .command('can')
    .argument('<who>', 'a name as in the list, or me')
    .argument('<action>', 'such as run.create; azora identity roles lists them all')
    .argument('[what]', 'a run, or for what is about reviews a review; all of them when absent')
    .description('say whether somebody may do something, and which policies say so')
    .addHelpText('after', `${EXAMPLES}\n\nEnds with 0 whether they may or not: look at "allowed".`)
    .action(async (who: string, text: string, what: string | undefined, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const right = Right.safeParse(text)
        if (!right.success) throw usageError(`there is no action ${text}: azora identity roles lists them`)
        const api = await client()
        const id = who === 'me' ? (await api.whoAmI()).principal : who.includes(':') ? who : `user:${who}`
        const decision = await api.can(id, right.data, what)
        screen.show(decision, () => decisionText(decision))
        return EXIT.ok
      })
    })
  identity
    .command('roles')
    .description('list the roles, and what each allows')
    .addHelpText('after', EXAMPLES)
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).roles()
        screen.show({ items }, () => rolesText(screen.style, items))
        return EXIT.ok
      })
    })
}

function decisionText({ principal, roles, action, resource, ...decision }: PrincipalDecision): string {
  const { allowed, policies, rolesThatMay } = decision
  const as = roles.length === 0 ? 'no role' : roles.join(', ')
  const reasons = policies.map(({ id, says }) => `  ${says} (${id})`)
  const asked = resource === undefined ? action : `${action} ${resource}`
  if (allowed) return [`yes: ${principal} (${as}) may ${asked}`, ...reasons].join('\n')
  const why =
    policies.length > 0
      ? reasons
      : [
          `  no policy permits it${resource === undefined ? ' for all of them' : ''}; it needs one of: ${rolesThatMay.join(', ')}`,
        ]
  return [`no: ${principal} (${as}) may not ${asked}`, ...why].join('\n')
}

/** One line for each kind of thing. */
function rolesText(style: Style, items: readonly RoleView[]): string {
  const rows = items.flatMap(({ role, actions }) =>
    Object.entries(Object.groupBy(actions, (action) => action.split('.')[0] ?? action)).map(([noun, own = []], at) => [
      at === 0 ? role : '',
      noun,
      own.map((action) => action.slice(noun.length + 1)).join(', '),
    ]),
  )
  return table(style, ['role', 'about', 'may'], rows)
}
