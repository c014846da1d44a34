const SERVER = `import { createServer } from 'node:http'

const send = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

export const createService = () =>
  createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method !== 'GET') return send(response, 405, { error: 'method_not_allowed' })
    if (pathname === '/health') return send(response, 200, { status: 'ok' })
    send(response, 404, { error: 'not_found' })
  })
`

const MAIN = `import { createService } from './server.js'

const port = Number(process.env.PORT ?? 3000)
const service = createService().listen(port, () => console.log(\`listening on port \${port}\`))

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => service.close())
`

const TEST = `import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createService } from './server.js'

const service = createService()
let base

before(async () => {
  await new Promise((resolve) => service.listen(0, '127.0.0.1', resolve))
  base = \`http://127.0.0.1:\${service.address().port}\`
})
after(() => service.close())

test('says that it is healthy', async () => {
  const response = await fetch(\`\${base}/health\`)
  assert.equal(response.status, 200)
  assert.deepEqual(await response.json(), { status: 'ok' })
})

test('knows no other path', async () => {
  assert.equal((await fetch(\`\${base}/other\`)).status, 404)
})

test('refuses other methods', async () => {
  assert.equal((await fetch(\`\${base}/health\`, { method: 'POST' })).status, 405)
})
`

/** Files of a small HTTP service, by path. @param name lower-case words joined by `-` */
export function httpService(name: string): Record<string, string> {
  const manifest = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=20' },
    scripts: { start: 'node main.js', test: 'node --test' },
  }
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'server.js': SERVER,
    'main.js': MAIN,
    'server.test.js': TEST,
    'README.md': `# ${name}\n\n\`npm start\` serves HTTP on \`PORT\` (3000); \`GET /health\` says that it is up. \`npm test\` tests it.\n`,
  }
}
