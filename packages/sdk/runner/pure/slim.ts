import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Plugin, transform } from 'esbuild'

/** zod brings its messages in all languages, which are half of a bundle; a schema's are in English. */
export const ENGLISH: Plugin = {
  name: 'english',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js'",
      resolveDir: dirname(path),
    }))
  },
}

const DEFINE_SKILL = fileURLToPath(new URL('./define-skill.ts', import.meta.url))

/** The SDK with a `defineSkill` that checks nothing. */
export const LIGHT_SDK: Plugin = {
  name: 'light-sdk',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^@azora\/sdk$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'whole') return undefined
      const whole = await resolve(path, { ...from, pluginData: 'whole' })
      return whole.errors.length > 0 ? whole : { path: whole.path, namespace: 'light-sdk' }
    })
    onLoad({ filter: /./, namespace: 'light-sdk' }, ({ path }) => ({
      contents: `export * from ${JSON.stringify(path)}; export { defineSkill } from ${JSON.stringify(DEFINE_SKILL)}`,
      resolveDir: dirname(path),
    }))
  },
}

/** How esbuild prints the import that nearly every schema begins with. */
const ALL_OF_ZOD = 'import { z } from "zod";'
const NAMESPACE_OF_ZOD = 'import * as z from "zod";'

/**
 * Makes `z` the namespace of zod's own module, which it is: then only what is used of it gets into a bundle, where the export
 * named `z` holds everything. It halves the bundle, and with it the memory that is put back after each action.
 */
export const SHAKE_ZOD: Plugin = {
  name: 'shake-zod',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (!source.includes('{ z }') || /[\\/]node_modules[\\/]zod[\\/]/.test(path)) return undefined
      const { code } = await transform(source, { loader: /ts$/.test(path) ? 'ts' : 'js', sourcefile: path })
      return { contents: namespaced(code), loader: 'js' }
    })
  },
}

/** Imports stand at the head of what esbuild prints; what looks like one further on may be within a text. */
const HEAD = /^(?:import [^;]*;\n)*/

const namespaced = (code: string): string => code.replace(HEAD, (head) => head.replace(ALL_OF_ZOD, NAMESPACE_OF_ZOD))
