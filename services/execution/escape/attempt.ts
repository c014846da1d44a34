import type { Breach, StatedLimits } from '@azora/contracts'

/** What keeps a program in its sandbox, as the documentation names it. */
export const GUARDS = {
  mounts: 'mount namespace: only what was granted is there',
  readOnly: 'read-only mounts',
  sealed: 'sealed root: no file can be made outside the writable mounts',
  masked: 'masked kernel files',
  network: 'network namespace without a way out',
  processes: 'PID namespace',
  ipc: 'IPC namespace',
  environment: 'clean environment',
  descriptors: 'closed file descriptors',
  capabilities: 'user namespace without capabilities',
  noNewPrivileges: 'no new privileges, nosuid mounts',
  terminal: 'a session without a terminal',
  seccomp: 'seccomp filter',
  limit: 'the named limit',
  proxy: 'egress proxy',
  held: 'paths that are held open and judged by where they lead',
  plainText: 'stored text without control characters',
  proof: 'the proof check',
} as const
export type Guard = keyof typeof GUARDS

/** Guards that the suite can take away to see that an attempt then succeeds, or fails for another reason. */
export type Removable =
  | 'seccomp'
  | 'network'
  | 'processes'
  | 'ipc'
  | 'environment'
  | 'sealed'
  | 'masked'
  | 'mounts'
  | 'readOnly'
  | 'userNamespaces'

/** One attempt to get out. Its program is a shell script, which is told about the host by the variables of {@link Host}. */
export interface Attempt {
  name: string
  /** What it tries, for people. */
  tries: string
  guard: Guard
  program: string
  /** What it prints, or ends with, when the guard has stopped it. It never prints ESCAPED. */
  stopped: RegExp
  /** Guards that are taken away for the proof, and what the program prints then. */
  without?: { guards: readonly Removable[]; prints: RegExp }
  /** Another guard, which stops it with the same answer when the first is taken away. */
  second?: Guard
  limits?: StatedLimits
  /** The limit for which it is ended. */
  breach?: Breach['limit']
}

/** What of the host the programs are told, by the names of their variables. */
export interface Host {
  /** A file that nobody granted. */
  SECRET: string
  /** A folder that may be read, and one that may be written. */
  READ: string
  WRITE: string
  DATA: string
  PROJECT: string
  /** A process. */
  PID: string
  /** A TCP port of 127.0.0.1, and one that listens on ::1. */
  PORT: string
  /** A Unix socket by its path, and by its name in the abstract namespace. */
  SOCKET: string
  ABSTRACT: string
  /** Key of a System V shared memory segment. */
  SHM: string
  /** A file in /dev/shm. */
  DEV_SHM: string
}

/** Perl that makes a system call and prints ESCAPED or the number of the error. */
export const call = (number: number, ...args: string[]): string =>
  `perl -e '@args = (${args.join(', ')}); $r = syscall(${number}, @args); print $r == -1 ? "errno=".($!+0)."\\n" : "ESCAPED\\n"'`

/** Perl that opens a file in a mode and prints ESCAPED or the number of the error; paths may be variables of the host. */
export const open = (mode: '<' | '>' | '>>' | '+<', path: string): string =>
  `perl -e 'open(F, "${mode}", $ARGV[0]) ? print "ESCAPED\\n" : print "errno=".($!+0)."\\n"' "${path}"`

/** Errors by their numbers, which are the same on all architectures that there is a filter for. */
export const ERRNO = {
  EPERM: /^errno=1$/m,
  ENOENT: /^errno=2$/m,
  ESRCH: /^errno=3$/m,
  ENXIO: /^errno=6$/m,
  EACCES: /^errno=13$/m,
  EXDEV: /^errno=18$/m,
  EINVAL: /^errno=22$/m,
  EFBIG: /^errno=27$/m,
  EROFS: /^errno=30$/m,
  ENOSYS: /^errno=38$/m,
  EAFNOSUPPORT: /^errno=97$/m,
  ENETUNREACH: /^errno=101$/m,
  ECONNREFUSED: /^errno=111$/m,
} as const

export const ESCAPED = /^ESCAPED$/m
