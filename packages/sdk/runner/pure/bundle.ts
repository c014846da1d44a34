import { dirname } from 'node:path'
import { build, type Plugin, stop } from 'esbuild'
import { messageOf } from '../load.ts'

/** The name under which a bundle leaves the module's exports. */
export const EXPORTS = 'azoraSkill'

/** zod brings its messages in all languages, which are half of a bundle; a schema's are in English. */
const ENGLISH: Plugin = {
  name: 'english',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js'",
      resolveDir: dirname(path),
    }))
  },
}

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
    plugins: [ENGLISH],
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
