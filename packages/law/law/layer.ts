import { z } from 'zod'
import { invalid, type Policy, readPolicies } from './article.ts'
import type { LawFile } from './files.ts'
import { type Law, readThresholds, refuseDoubles, refuseUnfit } from './law.ts'
import type { Thresholds } from './thresholds.ts'

/**
 * A part of the law that holds for some tenants or environments only. It may be stricter in every way, and looser only under
 * articles that the law marks as `@adjustable("yes")`.
 */
export interface Layer extends LayerScope {
  name: string
  policies: readonly Policy[]
  thresholds?: Thresholds
}

export interface LayerScope {
  /** Names of tenants, in which `*` stands for any text; absent for all of them. */
  tenants?: readonly string[] | undefined
  /** Names of environments; absent for all of them. */
  environments?: readonly string[] | undefined
  /** Rules of adjustable policies that don't hold here. */
  drop: readonly string[]
}

/** What a request is judged for. */
export interface Circle {
  tenant: string
  /** As the server was started; absent for none. */
  environment?: string | undefined
}

const Manifest = z.strictObject({
  title: z.string().min(1).max(200),
  tenants: z
    .array(
      z
        .string()
        .max(60)
        .regex(/^[a-z0-9*-]+$/),
    )
    .min(1)
    .max(1_000)
    .optional(),
  environments: z
    .array(
      z
        .string()
        .max(60)
        .regex(/^[a-z0-9-]+$/),
    )
    .min(1)
    .max(100)
    .optional(),
  drop: z.array(z.string()).max(100).default([]),
})

const FILE = /^layers\/([a-z0-9][a-z0-9-]{0,59})\/(.+)$/

/** The layers among the files of a law, in the order of their names. Throws `law_invalid`. */
export function readLayers(files: readonly LawFile[], base: Law): Layer[] {
  const own = files.filter(({ name }) => name.startsWith('layers/'))
  if (own.length === 0) return []
  const byLayer = Map.groupBy(own, ({ name }) => FILE.exec(name)?.[1] ?? name)
  const layers = [...byLayer].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, parts]) => readLayer(name, parts, base))
  refuseDoubles(layers.flatMap(({ policies }) => policies))
  // Whoever is under all of them has to have a law too.
  refuseUnfit(base.schema, layered(base, layers).policies)
  return layers
}

function readLayer(name: string, files: readonly LawFile[], base: Law): Layer {
  const within = files.map((file) => ({ path: FILE.exec(file.name)?.[2] ?? '', file }))
  const manifest = readManifest(name, within.find(({ path }) => path === 'layer.json')?.file)
  const policies = within.flatMap(({ path, file }) => (/^articles\/.*\.cedar$/.test(path) ? readPolicies(file) : []))
  const thresholds = within.find(({ path }) => path === 'thresholds.json')?.file
  const layer = {
    name,
    ...manifest,
    policies,
    ...(thresholds && { thresholds: readThresholds(thresholds.text) }),
  }
  refuseLooser(layer, base)
  return layer
}

function readManifest(name: string, file: LawFile | undefined): LayerScope {
  if (!file) throw invalid(`layers/${name}/layer.json is missing`)
  try {
    const { title: _, ...scope } = Manifest.parse(JSON.parse(file.text))
    return scope
  } catch (cause) {
    throw invalid(`${file.name}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

/** A layer is stricter, except where an article says that it need not be. */
function refuseLooser({ name, policies, drop, thresholds }: Layer, base: Law): void {
  const known = new Map(base.policies.map((policy) => [policy.rule, policy]))
  const adjustable = new Set(base.policies.flatMap((policy) => (policy.adjustable ? policy.article : [])))
  for (const rule of drop) {
    if (!known.get(rule)?.adjustable) throw looser(name, `it drops ${rule}, which is not @adjustable`)
  }
  for (const { rule, effect, article } of policies) {
    if (known.has(rule) && !known.get(rule)?.adjustable)
      throw looser(name, `it replaces ${rule}, which is not @adjustable`)
    if (effect === 'permit' && !adjustable.has(article))
      throw looser(name, `${rule} permits more under article ${article}, which is not @adjustable`)
  }
  if (thresholds && !isStricter(thresholds, base.thresholds)) throw looser(name, 'its thresholds are lower')
}

const isStricter = (own: Thresholds, base: Thresholds): boolean =>
  own.allow >= base.allow &&
  own.review >= base.review &&
  own.reviews.expiresMinutes <= base.reviews.expiresMinutes &&
  own.reviews.useWithinMinutes <= base.reviews.useWithinMinutes &&
  own.reviews.batchMax <= base.reviews.batchMax

const looser = (layer: string, why: string) => invalid(`layer ${layer} is looser than the law allows: ${why}`)

/** True when the layer holds for the tenant and the environment. */
export function holdsFor({ tenants, environments }: LayerScope, { tenant, environment }: Circle): boolean {
  const mine = environments === undefined || (environment !== undefined && environments.includes(environment))
  return mine && (tenants === undefined || tenants.some((pattern) => matches(pattern, tenant)))
}

const matches = (pattern: string, text: string): boolean => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text)

/** The law with layers on it; several are each as strict as they are alone. */
export function layered(base: Law, layers: readonly Layer[]): Law {
  if (layers.length === 0) return base
  const own = layers.flatMap(({ policies }) => policies)
  const gone = new Set([...own.map(({ rule }) => rule), ...layers.flatMap(({ drop }) => drop)])
  return {
    ...base,
    digest: `${base.digest}/${layers.map(({ name }) => name).join('+')}`,
    policies: [...base.policies.filter(({ rule }) => !gone.has(rule)), ...own],
    thresholds: layers.reduce((strictest, { thresholds }) => stricterOf(strictest, thresholds), base.thresholds),
  }
}

function stricterOf(a: Thresholds, b: Thresholds | undefined): Thresholds {
  if (!b) return a
  return {
    allow: Math.max(a.allow, b.allow),
    review: Math.max(a.review, b.review),
    reviews: {
      expiresMinutes: Math.min(a.reviews.expiresMinutes, b.reviews.expiresMinutes),
      useWithinMinutes: Math.min(a.reviews.useWithinMinutes, b.reviews.useWithinMinutes),
      batchMax: Math.min(a.reviews.batchMax, b.reviews.batchMax),
    },
  }
}
