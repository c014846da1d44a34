import { build, stop } from 'esbuild'
import { messageOf } from '../load.ts'
import { ENGLISH, LIGHT_SDK, SHAKE_ZOD } from './slim.ts'

/** The name under which a bundle leaves the module's exports. */
export const EXPORTS = 'azoraSkill'

/**
 * One script of a module and all that it imports, for an engine that has the language (ES2023) and nothing else.
 *
 * @throws Error (rejects) when something is imported that isn't JavaScript, such as `node:fs`
 */
export async function bundleSkill(entrypoint: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entrypoint],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: EXPORTS,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    target: 'es2023',
    minify: true,
    logLevel: 'silent',
    plugins: [ENGLISH, SHAKE_ZOD, LIGHT_SDK],
  })
  // It keeps a process, which would count as one of the skill's.
  await stop()
  const text = outputFiles[0]?.text
  if (text === undefined) throw new Error('there is no bundle')
  return text
}

/** What a bundle failed for, for the author of the skill. */
export const bundleFlaw = (thrown: unknown): string => {
  const errors = (thrown as { errors?: Array<{ text: string }> }).errors
  return errors?.map(({ text }) => text).join('; ') || messageOf(thrown)
}
