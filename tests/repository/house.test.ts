import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { linesOf, projectFiles, ROOT, textOf } from './files.ts'

const SOURCE = /^(packages|services|apps|catalog)\/.+\.ts$/
const sources = projectFiles(SOURCE).filter((path) => !path.endsWith('.test.ts') && !path.includes('/testing/'))
const services = readdirSync(join(ROOT, 'services'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** Files of which `flaw` says something, with what it says. */
const flaws = (paths: string[], flaw: (text: string, path: string) => string | undefined): string[] =>
  paths.flatMap((path) => {
    const found = flaw(textOf(path), path)
    return found ? [`${path}: ${found}`] : []
  })

describe('files', () => {
  it('are small: half of them up to 80 lines, nine of ten up to 250, none above 500', () => {
    const lengths = sources.map(linesOf).sort((a, b) => a - b)
    const at = (share: number): number => lengths[Math.floor(lengths.length * share)] ?? 0
    expect(at(0.5)).toBeLessThanOrEqual(80)
    expect(at(0.9)).toBeLessThanOrEqual(250)
    expect(sources.filter((path) => linesOf(path) > 500)).toEqual([])
  })

  it('throw errors that say what the caller should do', () => {
    const inServices = sources.filter((path) => path.startsWith('services/') || path.startsWith('apps/server/'))
    expect(
      flaws(inServices, (text) => (/throw new Error\(/.test(text) ? 'throw an AzoraError instead' : undefined)),
    ).toEqual([])
  })

  it('swallow no error without a word', () => {
    const silent = /catch\s*(\([^)]*\))?\s*\{\s*\}/
    expect(flaws(sources, (text) => (silent.test(text) ? 'handle the error or say why not' : undefined))).toEqual([])
  })

  it('leave no reminder behind', () => {
    const reminder = new RegExp(
      `(//|/\\*|^\\s*\\*).*\\b(${['FIX', 'ME'].join('')}|${['XX', 'X'].join('')}|${['HA', 'CK'].join('')})\\b`,
      'm',
    )
    const own = sources.filter((path) => !path.startsWith('catalog/'))
    expect(flaws(own, (text) => reminder.exec(text)?.[0])).toEqual([])
  })
})

describe('services', () => {
  it('stand on a floor', () => {
    const { floors } = JSON.parse(textOf('services/floors.json')) as { floors: string[][] }
    expect(services.filter((name) => !floors.flat().includes(name))).toEqual([])
  })

  it.each(services)('%s has a README that says what it owns and must never do', (name) => {
    const readme = textOf(`services/${name}/README.md`)
    for (const word of ['Owns', 'Promises', 'Emits', 'Listens', 'Must never']) expect(readme).toContain(`**${word}**`)
    expect(linesOf(`services/${name}/README.md`)).toBeLessThanOrEqual(16)
  })

  it.each(services)('%s names only its own schema in its SQL', (name) => {
    const others = services.filter((other) => other !== name)
    const foreign = new RegExp(`\\b(from|into|update|join|table|on)\\s+(${others.join('|')})\\.`, 'i')
    const store = projectFiles(new RegExp(`^services/${name}/store/.+\\.(sql|ts)$`))
    expect(flaws(store, (text) => foreign.exec(text)?.[0])).toEqual([])
  })
})

describe('documents', () => {
  it('keep to their length', () => {
    expect(linesOf('README.md')).toBeLessThan(150)
    expect(linesOf('ARCHITECTURE.md')).toBeLessThanOrEqual(100)
  })

  it('link to files that exist', () => {
    const pages = projectFiles(/^(README|ARCHITECTURE|CONTRIBUTING|docs\/.+|services\/[^/]+\/README)(\.md)?$/)
    const broken = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].flatMap(([, target]) => {
        const path = join(page, '..', target ?? '')
        return projectFiles(new RegExp(`^${path.replace(/\/$/, '').replaceAll('.', '\\.')}(/|$)`)).length > 0
          ? []
          : [`${page} → ${target}`]
      }),
    )
    expect(broken).toEqual([])
  })
})

describe('the root', () => {
  it('is not cluttered', () => {
    const entries = new Set(projectFiles(/./).map((path) => path.split('/')[0]))
    expect([...entries].filter((entry) => !entry?.startsWith('.')).length).toBeLessThanOrEqual(24)
  })
})
