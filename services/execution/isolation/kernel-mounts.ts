import { existsSync } from 'node:fs'

/** What the kernel tells of the whole machine and its keys, as runtimes of containers mask it; a sandbox sees none of it. */
const MASKED_FILES = [
  'cmdline',
  'config.gz',
  'consoles',
  'diskstats',
  'interrupts',
  'iomem',
  'ioports',
  'kallsyms',
  'kcore',
  'key-users',
  'keys',
  'kmsg',
  'kpagecgroup',
  'kpagecount',
  'kpageflags',
  'latency_stats',
  'partitions',
  'sched_debug',
  'schedstat',
  'slabinfo',
  'swaps',
  'timer_list',
  'timer_stats',
  'vmallocinfo',
]
const MASKED_FOLDERS = ['acpi', 'asound', 'driver', 'fs', 'scsi', 'tty']

/** Arguments of bwrap for /proc and /dev, of the sandbox's own namespaces. */
export function kernelMounts(): string[] {
  const present = (name: string): boolean => existsSync(`/proc/${name}`)
  return [
    ...['--proc', '/proc', '--dev', '/dev'],
    ...MASKED_FILES.filter(present).flatMap((name) => ['--ro-bind', '/dev/null', `/proc/${name}`]),
    ...MASKED_FOLDERS.filter(present).flatMap((name) => {
      const path = `/proc/${name}`
      return ['--size', '4096', '--tmpfs', path, '--remount-ro', path]
    }),
  ]
}
