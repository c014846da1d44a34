import type { Detectors } from '../detectors/list.ts'
import type { LawFile } from '../law/files.ts'
import { lawFilesOf } from '../law/folder.ts'
import { compileLaw, type Law } from '../law/law.ts'
import { type Layer, type LayerScope, layered, readLayers } from '../law/layer.ts'
import { readTexts } from './version.ts'
import { type Weakening, weakenedTexts } from './weakening.ts'

/** How the layers of a constitution became weaker, beyond what became weaker in the law that they lie on. */
export function weakenedLayers(
  before: readonly LawFile[],
  after: readonly LawFile[],
  detectors: Detectors,
): Weakening[] {
  const [old, now] = [versionOf(before), versionOf(after)]
  const plain = new Set(changesUnder(old, now, undefined, undefined, detectors).map(nameOf))
  return old.layers.flatMap((layer): Weakening[] => {
    const same = now.layers.find(({ name }) => name === layer.name)
    if (!same) return [about(layer, 'layer_removed', `The layer ${layer.name} is gone.`)]
    const changes = changesUnder(old, now, layer, same, detectors).filter((change) => !plain.has(nameOf(change)))
    const named = changes.map((change) => ({
      ...change,
      file: `layers/${layer.name}`,
      message: `In the layer ${layer.name}: ${change.message}`,
    }))
    if (holdsAsFar(layer, same)) return named
    return [
      ...named,
      about(layer, 'layer_narrowed', `The layer ${layer.name} holds for fewer tenants or environments than before.`),
    ]
  })
}

interface Version {
  law: Law
  layers: readonly Layer[]
  /** What is neither an article nor a part of a layer. */
  rest: readonly LawFile[]
}

function versionOf(files: readonly LawFile[]): Version {
  const own = lawFilesOf(files)
  const law = compileLaw(own)
  const rest = own.filter(({ name }) => !name.startsWith('articles/') && !name.startsWith('layers/'))
  return { law, layers: readLayers(own, law), rest }
}

const changesUnder = (
  old: Version,
  now: Version,
  before: Layer | undefined,
  after: Layer | undefined,
  detectors: Detectors,
): Weakening[] => weakenedTexts(readTexts(flat(old, before), detectors), readTexts(flat(now, after), detectors))

/** A law with one layer on it, as if it had been written as one. */
function flat({ law, rest }: Version, layer: Layer | undefined): LawFile[] {
  const { policies, thresholds } = layered(law, layer ? [layer] : [])
  return [
    ...policies.map(({ rule, text }) => ({ name: `articles/${rule}.cedar`, text })),
    ...rest.filter(({ name }) => name !== 'thresholds.json'),
    { name: 'thresholds.json', text: JSON.stringify(thresholds) },
  ]
}

const nameOf = ({ kind, rule, message }: Weakening): string => `${kind} ${rule ?? message}`

const holdsAsFar = (before: LayerScope, after: LayerScope): boolean =>
  covers(after.tenants, before.tenants) && covers(after.environments, before.environments)

/** Absent stands for all. */
const covers = (wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean =>
  wide === undefined || (narrow?.every((name) => wide.includes(name)) ?? false)

const about = ({ name }: Layer, kind: Weakening['kind'], message: string): Weakening => ({
  kind,
  article: '0',
  file: `layers/${name}/layer.json`,
  message,
})
