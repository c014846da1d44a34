import type { Text } from '../../facts/subject.ts'
import { type ActionSubject, type Detector, factAbout } from '../detector.ts'
import { doublesIn, type Place } from './doubles.ts'
import { readJavaScript } from './javascript.ts'
import { pretenceOf } from './pretence.ts'
import { productLanguage } from './product.ts'
import { readPython } from './python.ts'

const RULE = 'placeholder_code'
const MAX_SOURCE = 400_000
const MAX_SPANS = 8

/** Product code that pretends to work: constants for answers, functions of nothing, stand-ins for real things. */
export const mockCode: Detector<ActionSubject> = {
  name: 'mock-code',
  rules: [RULE],
  find({ texts }) {
    const sources = texts.filter(({ format, isKey }) => format === 'code' && !isKey)
    if (sources.length === 0) return []
    const paths = pathsByFolder(texts)
    const found = sources.flatMap((text) => {
      const pointer = text.pointer()
      const path = paths.get(parentOf(pointer))
      const extension = path === undefined ? undefined : productLanguage(path)
      return extension === undefined
        ? []
        : placesIn(text.value, extension).map((place) => ({ ...place, pointer, path }))
    })
    const spans = found
      .slice(0, MAX_SPANS)
      .map(({ pointer, start, end }) => ({ pointer, start, end: Math.max(end, start) }))
    return factAbout(
      found.map(({ what }) => what),
      {
        rule: RULE,
        article: '18',
        severity: 'HIGH',
        message: 'It would write code that pretends to do its work.',
        remedy: 'Do the work, or say plainly that it is not done; keep stand-ins in tests.',
        confidence: 0.9,
        spans,
      },
    )
  },
}

const PATH_KEY = /^(path|file|filename|file_?path|name)$/i

/** The path in each object, by the object's pointer. A member called `path` counts before one called `name`. */
function pathsByFolder(texts: readonly Text[]): Map<string, string> {
  const paths = new Map<string, string>()
  for (const { key, value, isKey, pointer } of texts) {
    if (isKey || !PATH_KEY.test(key)) continue
    const parent = parentOf(pointer())
    if (!paths.has(parent) || !/^name$/i.test(key)) paths.set(parent, value)
  }
  return paths
}

const parentOf = (pointer: string): string => pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')))

interface Found extends Place {
  end: number
}

function placesIn(source: string, extension: string): Found[] {
  if (source.length > MAX_SOURCE) return [{ what: 'code too long to be read', start: 0, end: source.length }]
  try {
    const unit = extension === 'py' ? readPython(source) : readJavaScript(source, extension)
    if (!unit) return []
    const functions = unit.functions.flatMap((fn) => {
      const why = pretenceOf(fn, unit)
      return why ? [{ what: `${fn.name.slice(0, 60) || 'a function'} ${why}`, start: fn.start, end: fn.end }] : []
    })
    return [...functions, ...doublesIn(unit).map((place) => ({ ...place, end: place.start }))]
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    return [{ what: 'code nested too deep to be read', start: 0, end: source.length }]
  }
}
