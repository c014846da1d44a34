import { PassThrough } from 'node:stream'
import type { Command } from 'commander'
import { afterEach, expect, it } from 'vitest'
import { createProgram } from './program.ts'
import { createShell } from './shell.ts'
import { type ApiServer, startApiServer, TOKEN } from './testing/api-server.ts'
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
