import { KEY_OVERLAP_SECONDS_MAX, KeyScope, type KeyView } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT, usageError } from '../exit.ts'
import { countOf } from '../inputs.ts'
import type { Style } from '../output/style.ts'
import { facts, table } from '../output/text.ts'
import type { AddCommand, Shell } from '../shell.ts'
import { durationOf } from './secret/terms.ts'

const EXAMPLES = `
Examples:
  $ azora keys create laptop --scope run.create --scope run.read
  $ azora identity add ci --service --role developer
  $ azora keys create deploys --for service:ci --scope run.create --days 30
  $ azora keys list
  $ azora keys rotate KEY --overlap 1h
  $ azora keys revoke KEY
  $ AZORA_TOKEN=azk_… azora run list

A key allows what its scopes name, of what whom it is for may do at that moment. It is shown once.`

const DAYS_MAX = 365

/** What programs come in with. */
export const addKeys: AddCommand = (parent, shell) => {
  const keys = parent.command('keys').description('make and end API keys for programs').addHelpText('after', EXAMPLES)
  addCreate(keys, shell)
  addViews(keys, shell)
  addRotate(keys, shell)
  keys
    .command('revoke')
    .argument('<key>', 'id as in the list')
    .description('end a key at once')
    .addHelpText('after', '\nExamples:\n  $ azora keys revoke 019207a2-5f3c-7000-8000-000000000001')
    .action(async (keyId: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        await (await client()).revokeKey(keyId)
        screen.show({ keyId }, () => `revoked ${keyId}`)
        return EXIT.ok
      })
    })
}

function addCreate(keys: Command, shell: Shell): void {
  keys
    .command('create')
    .argument('<name>', 'what you call it: letters, digits and . _ -')
    .option('--scope <right>', 'what it may do, such as run.read (repeatable)', collect)
    .option('--for <service>', 'service that it is for, such as service:ci (default: you)')
    .option('--days <n>', 'days until it expires, 1 to 365 (default: 90)')
    .description('make a key; it is shown once')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: { scope?: string[]; for?: string; days?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const scopes = scopesOf(options.scope)
        const expiresInDays = daysOf(options.days)
        const principal = options.for
        const issued = await (await client()).createKey({
          name,
          scopes,
          ...(principal !== undefined && { principal }),
          ...(expiresInDays !== undefined && { expiresInDays }),
        })
        screen.show(issued, () => shownOnce(issued.key, `expires at ${issued.expiresAt}`))
        return EXIT.ok
      })
    })
}

function addViews(keys: Command, shell: Shell): void {
  keys
    .command('list')
    .description('list keys: yours, or everybody’s if you administer keys')
    .addHelpText('after', '\nExamples:\n  $ azora keys list --json')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).keys()
        screen.show({ items }, () => keysText(screen.style, items))
        return EXIT.ok
      })
    })
  keys
    .command('show')
    .argument('<key>', 'id as in the list')
    .description('show a key, without its secret')
    .addHelpText('after', '\nExamples:\n  $ azora keys show 019207a2-5f3c-7000-8000-000000000001')
    .action(async (keyId: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const { scopes, ...key } = await (await client()).key(keyId)
        screen.show({ ...key, scopes }, () =>
          facts(screen.style, [...Object.entries(key), ['scopes', scopes.join(', ')]]),
        )
        return EXIT.ok
      })
    })
}

function addRotate(keys: Command, shell: Shell): void {
  keys
    .command('rotate')
    .argument('<key>', 'id as in the list')
    .option('--overlap <duration>', 'so long the old secret is accepted too, 24h at most (default: not at all)')
    .option('--days <n>', 'days until it expires, 1 to 365 (default: as many as before)')
    .description('give a key a new secret; it is shown once')
    .addHelpText('after', '\nExamples:\n  $ azora keys rotate KEY --overlap 1h')
    .action(async (keyId: string, options: { overlap?: string; days?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const expiresInDays = daysOf(options.days)
        const issued = await (await client()).rotateKey(keyId, {
          overlapSeconds: overlapOf(options.overlap),
          ...(expiresInDays !== undefined && { expiresInDays }),
        })
        const { oldUntil = 'now' } = issued
        screen.show(issued, () =>
          shownOnce(issued.key, `expires at ${issued.expiresAt}; the old secret ends ${oldUntil}`),
        )
        return EXIT.ok
      })
    })
}

const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value]

const shownOnce = (key: string, about: string): string => `${key}\nKeep it: it is not shown again. It ${about}.`

function scopesOf(given: readonly string[] = []): KeyScope[] {
  if (given.length === 0) throw usageError('say what the key may do', 'Name rights with --scope, such as run.read.')
  return given.map((text) => {
    const scope = KeyScope.safeParse(text)
    if (scope.success) return scope.data
    throw usageError(`no key can have the scope ${text}`, `Keys can have: ${KeyScope.options.join(', ')}.`)
  })
}

const daysOf = (given: string | undefined): number | undefined =>
  given === undefined ? undefined : countOf(given, '--days', DAYS_MAX, 1)

function overlapOf(given: string | undefined): number {
  const seconds = given === undefined ? 0 : durationOf(given, '--overlap') / 1_000
  if (seconds <= KEY_OVERLAP_SECONDS_MAX) return seconds
  throw usageError('--overlap is 24h at most')
}

function keysText(style: Style, items: readonly KeyView[]): string {
  if (items.length === 0) return 'there are no keys'
  const rows = items.map(({ keyId, name, principal, state, expiresAt, usedAt = 'never', scopes }) => [
    keyId,
    name,
    principal,
    state,
    expiresAt,
    usedAt,
    scopes.join(' '),
  ])
  return table(style, ['key', 'name', 'for', 'state', 'expires', 'last used', 'scopes'], rows)
}
