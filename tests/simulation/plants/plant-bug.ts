import { registerHooks } from 'node:module'
import type { Plant } from './plant.ts'
import { PLANTS } from './plants.ts'

/**
 * Lets this process read some lines of our code otherwise than they are. It ends the process when one of those lines isn't
 * there any more.
 *
 * @returns the bug that is planted now
 */
export function plantBug(name: string | undefined): Plant | undefined {
  if (!name) return undefined
  const plant = PLANTS.find((candidate) => candidate.name === name)
  if (!plant) throw new TypeError(`there is no plant ${name}`)
  const left = new Set(plant.edits)
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      const edits = plant.edits.filter(({ file }) => url.endsWith(`/${file}`))
      if (edits.length === 0) return loaded
      let source = Buffer.from(loaded.source as Uint8Array).toString('utf8')
      for (const edit of edits) {
        if (source.split(edit.find).length !== 2) throw new TypeError(`${edit.file} has not one line: ${edit.find}`)
        source = source.replace(edit.find, () => edit.replace)
        left.delete(edit)
      }
      return { ...loaded, source }
    },
  })
  process.on('exit', (code) => {
    if (code === 0 && left.size > 0) process.exitCode = 1
    for (const { file } of left) process.stderr.write(`nothing was planted in ${file}: it is not read\n`)
  })
  return plant
}
