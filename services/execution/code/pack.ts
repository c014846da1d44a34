import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { digestOf, sha256Hex } from '@azora/proof'
import { z } from 'zod'
import { codeOf } from '../code-digest.ts'

const MODULES_MAX = 500
/** Of one version's modules, as they lie on disk. */
export const CODE_BYTES_MAX = 16 * 1024 * 1024
/** Of a version's text: base64 takes a third more. */
export const PACK_BYTES_MAX = 24 * 1024 * 1024

/** Below a folder, and nowhere else. */
const ModulePath = z
  .string()
  .max(500)
  .regex(/^(?!\/)(?!(?:.*\/)?(?:\.{0,2}|node_modules)(?:\/|$))[^\0\\]+$/)

/**
 * The code of a version as one text: its modules by their paths below the catalogue, in base64. Null stands for a module that
 * isn't there, though the text of another one names it.
 */
export const CodePack = z
  .record(ModulePath, z.base64().nullable())
  .refine((modules) => Object.keys(modules).length <= MODULES_MAX)
export type CodePack = z.infer<typeof CodePack>

/** The digest by which manifests and actions name the code. */
export const digestOfPack = (pack: CodePack): string =>
  digestOf(
    Object.fromEntries(Object.entries(pack).map(([path, text]) => [path, text === null ? 'absent' : shaOf(text)])),
  )

const shaOf = (text: string): string => sha256Hex(Buffer.from(text, 'base64'))

export const bytesOfPack = (pack: CodePack): number =>
  Object.values(pack).reduce((sum, text) => sum + (text === null ? 0 : Buffer.byteLength(text, 'base64')), 0)

/**
 * The code behind an entry point of a catalogue, as it lies there now.
 *
 * @param catalog real path of the catalogue's folder
 */
export async function packOf(catalog: string, entrypoint: string): Promise<CodePack | undefined> {
  const code = await codeOf(catalog, entrypoint)
  if (!code) return undefined
  const pack: CodePack = {}
  for (const path of code.modules.keys()) {
    const source = await readFile(path).catch(() => undefined)
    pack[relative(catalog, path)] = source?.toString('base64') ?? null
  }
  return pack
}

/** The pack in a text, if it is the code of this digest. */
export function readPack(text: string, digest: string): CodePack | undefined {
  if (text.length > PACK_BYTES_MAX) return undefined
  try {
    const { data } = CodePack.safeParse(JSON.parse(text))
    return data && digestOfPack(data) === digest ? data : undefined
  } catch {
    return undefined
  }
}
