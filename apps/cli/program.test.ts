import { PassThrough } from 'node:stream'
import type { Command } from 'commander'
import { afterEach, describe, expect, it } from 'vitest'
import { createProgram } from './program.ts'
import { createShell } from './shell.ts'
import { type ApiServer, problem, startApiServer, TOKEN } from './testing/api-server.ts'
import { RUN } from './testing/log.ts'
import { cli } from './testing/run-cli.ts'
import { endedStewardRun } from './testing/steward-run.ts'

let api: ApiServer | undefined
afterEach(() => api?.close())

it('no command has an option of its own by the name of one that every command has', () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const surroundings = { env: {}, stdout, stderr }
  const program = createProgram(createShell(surroundings), { ...surroundings, json: false })
  const names = ({ options }: Command) => options.flatMap(({ short, long }) => [short, long].filter(Boolean))
  const all = new Set(names(program))
  const below = (command: Command): Command[] => command.commands.flatMap((one) => [one, ...below(one)])
  const taken = below(program).flatMap((command) =>
    names(command).flatMap((name) => (all.has(name) ? [`${command.parent?.name()} ${command.name()} ${name}`] : [])),
  )
  expect(taken).toEqual([])
})

it('a signal is sent with what it says', async () => {
  const path = `/api/v1/runs/${RUN}/signals`
  const body = { index: 7, duplicate: false }
  api = await startApiServer({ log: endedStewardRun(), answers: { [`POST ${path}`]: { status: 202, body } } })
  const server = ['--url', api.url, '--token', TOKEN]
  const { exit, stderr } = await cli('run', 'signal', RUN, 'invoice.paid', '--input', '{"order": 4711}', ...server)
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
  expect(api.requests.at(-1)).toMatchObject({ path, body: { name: 'invoice.paid', data: { order: 4711 } } })
})

const START = ['run', 'start', 'a']
const SIGNED = ['review', 'approve', '01920000-0000-4000-8000-000000000001', '-y']

describe('what is wrong is said before a server is asked', () => {
  it.each<[string[], string]>([
    [[...START, '--budget', 'foo'], '--budget foo is no budget of a run'],
    [[...START, '--priority', '10'], '--priority must be a whole number from 0 to 9, not 10'],
    [[...START, '--deadline', 'soon'], '--deadline soon is no time'],
    [[...START, '--after-failure', 'run'], '--after-failure needs --after'],
    [[...START, '--input', '@/no/such/file'], 'there is no file /no/such/file'],
    [['limits', 'set', '--tenant', 'a', '--budget', 'week,time=20h'], '--budget week,time=20h is no budget'],
    [['limits', 'set', '--tenant', 'a', '--weight', '0'], '--weight must be a whole number from 1 to 1000, not 0'],
    [['run', 'list', '--limit', '0'], '--limit must be a whole number from 1 to 200, not 0'],
    [['run', 'list', '--cursor', 'last'], '--cursor last is of no page'],
    [['review', 'list', '--cursor', RUN], `--cursor ${RUN} is of no page`],
    [['run', 'fork', RUN, '--from', 'a', '--input', '5'], 'the input is not a JSON object'],
    [['run', 'signal', RUN, 'paid', '--input', 'yes'], 'the value of --input is no JSON'],
    [['replay', '--all-recorded', '--limit', '0'], '--limit must be a whole number from 1 to 10000, not 0'],
    [['replay', RUN, '--constitution', '/no/such'], '/no/such has no folder of articles that can be read'],
    [[...SIGNED, '--batch', '0'], '--batch must be a whole number from 1 to 1000, not 0'],
  ])('%j', async (args, message) => {
    const { exit, stderr } = await cli(...args, '--data', '/no/such/folder')
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining(message) })
  })
})

it.each([
  ['unauthenticated', 401, 'Sign in with azora login, or give a valid token with --token or AZORA_TOKEN.'],
  ['invalid_request', 400, 'Run the command with --help to see what it takes.'],
])('what to do about %s is said for the command line, not for HTTP', async (code, status, remedy) => {
  const body = problem(status, code, 'Send "Authorization: Bearer <token>".')
  api = await startApiServer({ log: endedStewardRun(), answers: { 'GET /api/v1/agents': { status, body } } })
  const { stderr } = await cli('agent', 'list', '--url', api.url, '--token', TOKEN)
  expect(stderr).toBe(`✗ ${code}\n  ${remedy}\n`)
})
