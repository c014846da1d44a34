import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { ServerEnd } from '../../launch/managed-server.ts'
import { createScreen } from '../../output/screen.ts'
import { stayUp } from './stay-up.ts'

function until(end: ServerEnd) {
  const stdout = new PassThrough()
  const screen = createScreen({ stdout, stderr: new PassThrough(), env: {}, json: false })
  const stayed = stayUp(screen, 'http://x', { ended: Promise.resolve(end), tail: () => 'its last words' })
  return { stayed, said: () => String(stdout.read()) }
}

test('a server that dies while it stays up is an error, with its last words and how to go on', async () => {
  await expect(until({ how: 'was ended by SIGKILL', isStop: false }).stayed).rejects.toMatchObject({
    exit: 3,
    code: 'server_died',
    message: 'the server was ended by SIGKILL\nits last words',
    remedy: 'Nothing is lost. Start it again with ./azora up: its runs go on.',
  })
})

test('one that somebody stopped is none', async () => {
  const { stayed, said } = until({ how: 'ended with exit code 0', isStop: true })
  await stayed
  expect(said()).toContain('Azora was stopped.')
})
