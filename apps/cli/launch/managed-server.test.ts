import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answers, type ManagedServer, startManagedServer } from './managed-server.ts'

let dataDir: string
let server: ManagedServer
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'azora-managed-'))
})
afterEach(async () => {
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** Starts a program that keeps the part of the server's contract that matters here. */
async function start(source: string): Promise<void> {
  const program = join(dataDir, 'program.mjs')
  await writeFile(program, source)
  server = startManagedServer({ dataDir, port: 0, env: process.env, onStage: () => {}, program })
}

const SERVES = `
import { createServer } from 'node:http'
import { writeFileSync } from 'node:fs'
const dataDir = process.argv[process.argv.indexOf('--data') + 1]
const server = createServer((request, response) => response.end('{"status":"ok"}')).listen(0, '127.0.0.1', () => {
  const url = 'http://127.0.0.1:' + server.address().port
  writeFileSync(dataDir + '/server.json', JSON.stringify({ pid: process.pid, url, version: '0', startedAt: '' }))
})
process.stdin.resume().on('end', () => process.exit(0))`

test('is ready when it answers, and ends with its standard input', async () => {
  await start(SERVES)
  const { url } = await server.ready(new AbortController().signal)
  expect(await answers(url)).toBe(true)
  await server.stop()
  expect(await server.ended).toEqual({ how: 'ended with exit code 0', isStop: true })
  expect(await answers(url)).toBe(false)
})

test('a server that dies while it starts says why', async () => {
  await start("console.error('the port is used'); process.exit(1)")
  await expect(server.ready(new AbortController().signal)).rejects.toMatchObject({
    exit: 3,
    message: 'the server ended with exit code 1 while it started\nthe port is used',
  })
})

test("a process that outlives the server doesn't hold its end up", async () => {
  await start(`
    import { spawn } from 'node:child_process'
    const child = spawn('sleep', ['60'], { stdio: 'inherit' })
    console.log(child.pid)
    process.kill(process.pid, 'SIGKILL')`)
  expect(await server.ended).toEqual({ how: 'was ended by SIGKILL', isStop: false })
  process.kill(Number(server.tail()), 'SIGKILL')
})

test('waiting can be given up', async () => {
  await start('process.stdin.resume()')
  await expect(server.ready(AbortSignal.abort())).rejects.toThrow(/aborted/)
})
