import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

// What the compiler leaves to be done: contracts lie beside the SDK in the package, under their own addresses.
const CONTRACTS = '@azora/contracts'

/** Makes what was compiled into `out` a package that stands alone. */
async function main(out: string, source: string, licence: string): Promise<void> {
  const files = await readdir(out, { recursive: true })
  for (const name of files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
    const file = join(out, name)
    const contracts = relative(dirname(file), join(out, 'contracts')).replace(/^(?!\.)/, './')
    const text = await readFile(file, 'utf8')
    await writeFile(file, addressed(text, contracts))
  }
  await writeFile(join(out, 'package.json'), `${JSON.stringify(await manifest(source), null, 2)}\n`)
  await copyFile(licence, join(out, 'LICENSE'))
}

/** Module addresses as a package has them: contracts by their place, sources by what became of them. */
const addressed = (text: string, contracts: string): string =>
  text
    .replaceAll(
      /(from |import\()(['"])@azora\/contracts(?:\/(\w+))?\2/g,
      (_, before, quote, part = 'index') => `${before}${quote}${contracts}/${part}.js${quote}`,
    )
    .replaceAll(/(from |import\()(['"])(\.[^'"]*)\.ts\2/g, '$1$2$3.js$2')

async function manifest(source: string): Promise<object> {
  const { name, version, license, type, dependencies } = JSON.parse(
    await readFile(join(source, 'package.json'), 'utf8'),
  )
  const entry = (path: string): object => ({ types: `./sdk/${path}.d.ts`, default: `./sdk/${path}.js` })
  const needed = Object.entries(dependencies).filter(([dependency]) =>
    ['eventsource-parser', 'zod'].includes(dependency),
  )
  return {
    name,
    version,
    description: 'Skills, agents and the HTTP API of Azora, typed.',
    license,
    type,
    engines: { node: '>=22' },
    exports: { '.': entry('index'), './client': entry('client/index'), './package.json': './package.json' },
    dependencies: Object.fromEntries(needed),
    files: ['sdk', 'contracts', 'LICENSE'],
  }
}

const [out, source, licence] = process.argv.slice(2)
if (!out || !source || !licence) throw new Error(`usage: package.ts OUT SOURCE LICENSE (bundles ${CONTRACTS})`)
await main(out, source, licence)
