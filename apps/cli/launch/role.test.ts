import { expect, test } from 'vitest'
import { runProgram } from './role.ts'

test('answers the exit code of the program', async () => {
  expect(await runProgram('it', ['-e', 'process.exit(75)'], process.env)).toBe(75)
})

test('says so when the program was killed', async () => {
  await expect(
    runProgram('the server', ['-e', "process.kill(process.pid, 'SIGKILL')"], process.env),
  ).rejects.toMatchObject({
    exit: 137,
    code: 'killed',
    message: 'the server was ended by SIGKILL',
    remedy: 'Start it again: it goes on where it was.',
  })
})
