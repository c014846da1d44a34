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
  'mtrr',
  'sysrq-trigger',
  'swaps',
  'timer_list',
  'timer_stats',
  'vmallocinfo',
]
const MASKED_FOLDERS = ['acpi', 'asound', 'driver', 'dynamic_debug', 'fs', 'pressure', 'scsi', 'tty']

/** Arguments of bwrap for /proc and /dev, of the sandbox's own namespaces. */
export function kernelMounts(): string[] {
  const present = (name: string): boolean => existsSync(`/proc/${name}`)
  return [
    ...['--proc', '/proc', '--dev', '/dev'],
    // Bubblewrap leaves it writable, and where the node is root, its files belong to the sandbox's user.
    ...['--ro-bind', '/proc/sys', '/proc/sys'],
    ...MASKED_FILES.filter(present).flatMap((name) => ['--ro-bind', '/dev/null', `/proc/${name}`]),
    ...MASKED_FOLDERS.filter(present).flatMap((name) => {
      const path = `/proc/${name}`
      return ['--size', '4096', '--tmpfs', path, '--remount-ro', path]
    }),
  ]
}
