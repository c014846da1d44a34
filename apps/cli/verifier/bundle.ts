import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const PROGRAM = fileURLToPath(new URL('./program.ts', import.meta.url))

/** The verifier of evidence with everything that it needs, as one ES module for Node 20 and later, and for browsers. */
export async function bundleVerifier(): Promise<string> {
  const bundle = await rolldown({
    input: PROGRAM,
    platform: 'browser',
    external: /^node:/,
    logLevel: 'silent',
    treeshake: true,
  })
  try {
    const { output } = await bundle.generate({ format: 'esm', codeSplitting: false, banner: BANNER })
    return output[0].code
  } finally {
    await bundle.close()
  }
}

const BANNER =
  '// Azora: checks evidence bundles. node azora-verify.mjs FILE, or import { verifyEvidence }. Licence: Apache-2.0'
