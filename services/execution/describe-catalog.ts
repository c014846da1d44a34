import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { AzoraError } from '@azora/base'
import { AgentManifest, SkillManifest } from '@azora/contracts'
import { z } from 'zod'
import type { Isolation } from './isolation/port.ts'

const Catalog = z.object({
  skills: z.array(SkillManifest),
  agents: z.array(AgentManifest),
  errors: z.array(z.object({ entrypoint: z.string(), message: z.string() })),
})
export type Catalog = z.infer<typeof Catalog>

const DESCRIBE_MS_MAX = 60_000
const OUTPUT_BYTES_MAX = 32 * 1024 * 1024

/**
 * Asks the modules of the catalog what they are. They are imported in a sandbox: reading a manifest must not run
 * somebody's code where the keys are.
 */
export async function describeCatalog({
  isolation,
  projectRoot,
}: {
  isolation: Isolation
  projectRoot: string
}): Promise<Catalog> {
  const root = realpathSync(projectRoot)
  const sandbox = isolation.launch({
    argv: [
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      join(root, 'packages/sdk/runner/describe.ts'),
      join(root, 'catalog'),
    ],
  })
  const timer = setTimeout(() => sandbox.kill(), DESCRIBE_MS_MAX)
  const [output, complaint] = [
    collect(sandbox.stdout, () => sandbox.kill()),
    collect(sandbox.stderr, () => sandbox.kill()),
  ]
  sandbox.result.resume()
  sandbox.stdin.end()
  const { code, signal } = await sandbox.exited.finally(() => clearTimeout(timer))
  const parsed = code === 0 ? Catalog.safeParse(jsonOf(output())) : undefined
  if (parsed?.success) return parsed.data
  const why = parsed?.error
    ? z.prettifyError(parsed.error)
    : `${signal ?? `exit code ${code}`}: ${complaint().slice(-2_000)}`
  throw new AzoraError('fix', 'catalog_unreadable', `the catalog can't be read: ${why}`, {
    remedy: 'Mend the module that is named.',
  })
}

function collect(stream: NodeJS.ReadableStream, onFlood: () => void): () => string {
  const chunks: Buffer[] = []
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= OUTPUT_BYTES_MAX) chunks.push(chunk)
    else onFlood()
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
