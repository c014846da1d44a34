import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'

export const has = (folder: string, name: string): boolean => existsSync(`${folder}/${name}`)
export const read = (folder: string, name: string): string => readFileSync(`${folder}/${name}`, 'utf8')
export const write = (folder: string, name: string, value: string | number): void =>
  writeFileSync(`${folder}/${name}`, String(value))

/** The number in a file that holds one; 0 where the kernel has no such file. */
export const numberIn = (folder: string, name: string): number => {
  try {
    return Number(read(folder, name)) || 0
  } catch (thrown) {
    if (isCode(thrown, 'ENOENT')) return 0
    throw thrown
  }
}

/** The number after a name in a file of lines such as `oom_kill 1`; 0 where there is none. */
export function fieldIn(folder: string, name: string, field: string): number {
  try {
    return Number(new RegExp(`^${field} (\\d+)$`, 'm').exec(read(folder, name))?.[1] ?? 0)
  } catch (thrown) {
    if (isCode(thrown, 'ENOENT')) return 0
    throw thrown
  }
}

export const pidsIn = (folder: string): number[] =>
  read(folder, 'cgroup.procs')
    .split('\n')
    .filter((line) => line !== '')
    .map(Number)

const REMOVE_TRIES = 40
const REMOVE_EVERY_MS = 25

/** A cgroup is busy until its last process was buried. */
export function removeSoon(folders: readonly string[], tries = REMOVE_TRIES): void {
  const left = folders.filter((folder) => !removed(folder))
  if (left.length > 0 && tries > 0) setTimeout(() => removeSoon(left, tries - 1), REMOVE_EVERY_MS).unref()
}

function removed(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (thrown) {
    return isCode(thrown, 'ENOENT')
  }
}

const OWN = /^azora\.(\d+)$/

/** The folder of this process for its cgroups; those of processes that have died are removed. */
export function ownFolder(parent: string): string {
  for (const name of readdirSync(parent)) {
    const pid = OWN.exec(name)?.[1]
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue
    for (const child of readdirSync(`${parent}/${name}`, { withFileTypes: true }))
      if (child.isDirectory()) removed(`${parent}/${name}/${child.name}`)
    removed(`${parent}/${name}`)
  }
  const own = `${parent}/azora.${process.pid}`
  mkdirSync(own, { recursive: true })
  return own
}

export const isCode = (thrown: unknown, ...codes: string[]): boolean =>
  codes.includes((thrown as NodeJS.ErrnoException).code ?? '')
