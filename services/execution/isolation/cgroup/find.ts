import { readFileSync } from 'node:fs'
import type { Cgroups } from './port.ts'
import { findCgroupsV1 } from './v1.ts'
import { findCgroupsV2 } from './v2.ts'

/** Where this process may make cgroups, in the newer version if it can; undefined where it may not. */
export function findCgroups(): Cgroups | undefined {
  const own = readFileSync('/proc/self/cgroup', 'utf8')
  const mounts = mountsIn(readFileSync('/proc/self/mountinfo', 'utf8'))
  const unified = mounts.find(({ type }) => type === 'cgroup2')
  const path = /^0::(.*)$/m.exec(own)?.[1]
  const newer = unified && path !== undefined ? findCgroupsV2(folderOf(unified, path)) : undefined
  return (
    newer ??
    findCgroupsV1((controller) => {
      const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller))
      const line = own.split('\n').find((text) => text.split(':')[1]?.split(',').includes(controller))
      const below = line?.split(':').slice(2).join(':')
      return mount && below !== undefined ? folderOf(mount, below) : undefined
    })
  )
}

interface Mount {
  /** What of the hierarchy is mounted. */
  root: string
  folder: string
  type: string
  options: readonly string[]
}

/** Lines of proc(5) mountinfo: `36 35 0:30 / /sys/fs/cgroup/memory rw shared:1 - cgroup cgroup rw,memory`. */
const mountsIn = (text: string): Mount[] =>
  text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const [, , , root, folder] = before.split(' ')
    const [type, , options = ''] = after.split(' ')
    return root && folder && type ? [{ root, folder, type, options: options.split(',') }] : []
  })

/** A container may see only a part of the hierarchy, by another name. */
function folderOf({ root, folder }: Mount, path: string): string {
  const below = root !== '/' && path.startsWith(root) ? path.slice(root.length) : path
  return `${folder}${below === '/' ? '' : below}`
}
