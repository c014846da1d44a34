import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { AzoraError, parseStrictJson } from '@azora/base'
import { AgentManifest, SkillManifest } from '@azora/contracts'
import { z } from 'zod'
import { codeDigestOf } from './code-digest.ts'
import type { Isolation } from './isolation/port.ts'

/** What the modules say of themselves. What their code is, is not for them to say. */
const Description = z.object({
  skills: z.array(SkillManifest.omit({ codeDigest: true })),
  agents: z.array(AgentManifest.omit({ codeDigest: true })),
  errors: z.array(z.object({ entrypoint: z.string(), message: z.string() })),
})

export interface Catalog {
  skills: SkillManifest[]
  agents: AgentManifest[]
  errors: Array<{ entrypoint: string; message: string }>
}

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
  const parsed = code === 0 ? Description.safeParse(jsonOf(output())) : undefined
  if (parsed?.success) return withDigests(join(root, 'catalog'), parsed.data)
  const why = parsed?.error
    ? z.prettifyError(parsed.error)
    : `${signal ?? `exit code ${code}`}: ${complaint().slice(-2_000)}`
  throw new AzoraError('fix', 'catalog_unreadable', `the catalog can't be read: ${why}`, {
    remedy: 'Mend the module that is named.',
  })
}

async function withDigests(catalog: string, described: z.infer<typeof Description>): Promise<Catalog> {
  const errors = [...described.errors]
  const add = async <T extends { entrypoint: string }>(manifests: T[]): Promise<Array<T & { codeDigest: string }>> => {
    const known: Array<T & { codeDigest: string }> = []
    for (const manifest of manifests) {
      const codeDigest = await codeDigestOf(catalog, manifest.entrypoint)
      if (codeDigest) known.push({ ...manifest, codeDigest })
      else
        errors.push({ entrypoint: manifest.entrypoint, message: 'a module that it imports lies outside the catalog' })
    }
    return known
  }
  return { skills: await add(described.skills), agents: await add(described.agents), errors }
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
    return parseStrictJson(text)
  } catch {
    return undefined
  }
}
