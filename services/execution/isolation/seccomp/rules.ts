import { constants } from 'node:os'

const { EAFNOSUPPORT, EOPNOTSUPP, EPERM } = constants.errno
const ENOSYS = 38

/** A check of one argument of a system call (its lower 32 bits, or its upper ones). It passes, or the call gets the error. */
export interface Check {
  /** Only then is it checked. */
  when?: { argument: number; anyOf: number } | { argument: number; is: number }
  argument: number
  half?: 'low' | 'high'
  mask?: number
  /** After the mask, the value must be one of these … */
  allowed?: readonly number[]
  /** … or none of these. */
  denied?: readonly number[]
  errno: number
}

/** Linux, sched.h: a new mount, cgroup, UTS, IPC, user, PID or network namespace. */
const NEW_NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
const SET_ID_BITS = 0o6000
/** O_CREAT, O_TMPFILE: only then is a mode given. */
const CREATES = 0o100 | 0o20000000
const FILE_TYPE = 0o170000
/** None said, a file, a FIFO, a socket; what is left is devices. */
const HARMLESS_TYPES = [0, 0o100000, 0o010000, 0o140000]
const [AF_UNIX, AF_INET, AF_INET6] = [1, 2, 10]
const [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET] = [1, 2, 5]
const SOCKET_TYPE = 0xf
const [TIOCSTI, TIOCLINUX] = [0x5412, 0x541c]
const RLIMIT_CORE = 4

/**
 * A file with these bits, made by a sandbox in a path that it may write, would run with its owner's rights on the host, who
 * may be root.
 */
const noSetId = (argument: number): Check => ({ argument, mask: SET_ID_BITS, allowed: [0], errno: EPERM })
const noDevice = (argument: number): Check => ({ argument, mask: FILE_TYPE, allowed: HARMLESS_TYPES, errno: EPERM })
const whenCreating = (flags: number): Check => ({
  ...noSetId(flags + 1),
  when: { argument: flags, anyOf: CREATES },
})
const families = (...allowed: number[]): Check => ({ argument: 0, allowed, errno: EAFNOSUPPORT })
/** 0 keeps a core from being written, but not from being handed to a program; 1, which is set, keeps both (core(5)). */
const noCores = (half: 'low' | 'high'): Check => ({
  when: { argument: 1, is: RLIMIT_CORE },
  argument: 2,
  half,
  allowed: [0],
  errno: EPERM,
})

/** System calls of which only a part is harmless. */
export const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  chmod: [noSetId(1)],
  clone: [{ argument: 0, mask: NEW_NAMESPACES, allowed: [0], errno: EPERM }],
  creat: [noSetId(1)],
  fchmod: [noSetId(1)],
  fchmodat: [noSetId(2)],
  // Characters that a terminal's owner would seem to have typed.
  ioctl: [{ argument: 1, denied: [TIOCSTI, TIOCLINUX], errno: EPERM }],
  mkdir: [noSetId(1)],
  mkdirat: [noSetId(2)],
  mknod: [noDevice(1), noSetId(1)],
  mknodat: [noDevice(2), noSetId(2)],
  open: [whenCreating(1)],
  openat: [whenCreating(2)],
  // Linux, and asking which it is: no others, which weaken address space randomization.
  personality: [{ argument: 0, allowed: [0, 8, 0xffffffff], errno: EPERM }],
  prlimit64: [noCores('low'), noCores('high')],
  setrlimit: [{ argument: 0, denied: [RLIMIT_CORE], errno: EPERM }],
  // Not to the kernel (netlink), the link (packet), the machine's hypervisor (vsock), nor any other.
  socket: [
    families(AF_UNIX, AF_INET, AF_INET6),
    { argument: 1, mask: SOCKET_TYPE, allowed: [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET], errno: EPERM },
  ],
  socketpair: [families(AF_UNIX)],
}

/** What a call gets that a sandbox doesn't have. */
export const REFUSAL = EPERM
/** What a call gets that came to the kernel after the list was made; also the x32 calls of x86_64. */
export const UNKNOWN = ENOSYS
/** The last number that was looked at, on both architectures. */
export const LAST_KNOWN = 450

/** Refusals that programs understand, and do without. */
export const OTHER_REFUSALS: ReadonlyArray<{ x86_64: number; aarch64: number; errno: number }> = [
  // clone3, openat2: a filter can't read their arguments; libraries go back to clone and openat.
  { x86_64: 435, aarch64: 435, errno: ENOSYS },
  { x86_64: 437, aarch64: 437, errno: ENOSYS },
  // fallocate takes room that nobody counts as written; libraries write zeros instead.
  { x86_64: 285, aarch64: 47, errno: EOPNOTSUPP },
]
