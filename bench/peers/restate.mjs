/**
 * Restate as its documentation has it for a single node: its server with the settings that it comes with (its own log on
 * disk, so PostgreSQL has no part in it), a service of its TypeScript SDK in a process of its own, and calls through the
 * HTTP ingress, as for Azora.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contest } from '../lib/contest.ts'

const START_MS_MAX = 60_000
const children = []
const folder = await mkdtemp(join(tmpdir(), 'azora-bench-restate-'))

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

function start(file, args, env) {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] })
  children.push(child)
  return child
}

async function until(work) {
  const limitMs = performance.now() + START_MS_MAX
  for (;;) {
    try {
      return await work()
    } catch (thrown) {
      if (performance.now() > limitMs) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

const [ingress, admin, node, service] = await Promise.all([1, 2, 3, 4].map(freePort))
const bin = createRequire(import.meta.url).resolve('@restatedev/restate-server/package.json')
start(process.execPath, [fileURLToPath(new URL('./restate-service.mjs', import.meta.url))], { PORT: String(service) })
start(process.execPath, [join(bin, '..', 'lib', 'index.js'), '--base-dir', folder, '--node-name', 'bench'], {
  RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
  RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
  RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
  RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node}`,
  RESTATE_LISTEN_MODE: 'tcp',
  RESTATE_LOG_FILTER: 'error',
})

const agent = new http.Agent({ keepAlive: true, maxSockets: 1_024 })
function post(port, path, json) {
  const body = JSON.stringify(json)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', path, method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () =>
        response.statusCode < 300 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`)),
      )
    })
    request.once('error', reject)
    request.end(body)
  })
}

await until(() => post(admin, '/deployments', { uri: `http://127.0.0.1:${service}` }))

async function run() {
  if ((await post(ingress, '/bench/threeSteps', 0)) !== '3') throw new Error('it counted wrongly')
}
await until(run)

await contest(run, async () => {
  const gone = children.map((child) => new Promise((resolve) => child.once('exit', resolve)))
  for (const child of children) child.kill('SIGTERM')
  await Promise.all(gone)
  await rm(folder, { recursive: true, force: true })
})
