import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AzoraError } from '@azora/base'

/** A file of the law; the name is its path below the constitution's folder, with forward slashes. */
export interface LawFile {
  name: string
  text: string
}

const MAX_ARTICLE_FILES = 500
const MAX_FILE_BYTES = 262_144
const MAX_LAYERS = 32
const LAYER_FILES = ['layer.json', 'thresholds.json']

/** The files that make the law, in the order of their names. Throws `law_unreadable`. */
export async function readLaw(folder: string): Promise<LawFile[]> {
  const articles = (await listArticles(folder)).map((name) => `articles/${name}`)
  const names = [...articles, 'schema.cedarschema', 'thresholds.json', ...(await listLayers(folder))].sort()
  return Promise.all(names.map(async (name) => ({ name, text: await readText(folder, name) })))
}

async function listArticles(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'articles')).catch((cause: unknown) => {
    throw unreadable(`${folder} has no folder of articles that can be read`, cause)
  })
  const articles = names.filter((name) => name.endsWith('.cedar'))
  if (articles.length <= MAX_ARTICLE_FILES) return articles
  throw unreadable(`${folder} has more than ${MAX_ARTICLE_FILES} articles`)
}

/** The files of the layers, of which a law need not have any. */
async function listLayers(folder: string): Promise<string[]> {
  const layers = await readdir(join(folder, 'layers')).catch((): string[] => [])
  if (layers.length > MAX_LAYERS) throw unreadable(`${folder} has more than ${MAX_LAYERS} layers`)
  const names = await Promise.all(
    layers.map(async (layer) => {
      const top = await readdir(join(folder, 'layers', layer)).catch((): string[] => [])
      const articles = top.includes('articles') ? await listArticles(join(folder, 'layers', layer)) : []
      return [...LAYER_FILES.filter((name) => top.includes(name)), ...articles.map((name) => `articles/${name}`)].map(
        (name) => `layers/${layer}/${name}`,
      )
    }),
  )
  return names.flat()
}

/** Throws `law_unreadable`. */
export async function readText(folder: string, name: string): Promise<string> {
  try {
    const path = join(folder, name)
    const { size } = await stat(path)
    if (size > MAX_FILE_BYTES) throw unreadable(`it is larger than ${MAX_FILE_BYTES} bytes`)
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (cause) {
    throw unreadable(`${name} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
}

export const unreadable = (message: string, cause?: unknown): AzoraError =>
  new AzoraError('fix', 'law_unreadable', message, { remedy: 'Restore the constitution folder.', cause })
