/** Launches a shell script in a sandbox: `node launcher.ts <project root> <script> [argument]`; says when it begins to. */
import { createIsolation } from '../isolation/bubblewrap.ts'

const [projectRoot = '', script = '', ...args] = process.argv.slice(2)
const isolation = await createIsolation({ projectRoot })
console.log('launching')
const sandbox = isolation.launch({ argv: ['/bin/sh', '-c', script, 'sh', ...args] })
sandbox.stdout.pipe(process.stdout)
for (const stream of [sandbox.stderr, sandbox.result]) stream.resume()
await sandbox.exited
