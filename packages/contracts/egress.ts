import { z } from 'zod'

/** Why the proxy refused a connection of a sandbox, or ended it. */
export const EgressReason = z.enum([
  /** The proof names another host or port. */
  'not_permitted',
  /** The name leads to this machine or a private network. */
  'private_address',
  /** It leads to a metadata service of a cloud, which no proof opens. */
  'metadata_address',
  'unresolvable',
  'unreachable',
  /** The target could not be read. */
  'malformed',
  /** TLS asked for another host than the tunnel leads to. */
  'sni_mismatch',
  /** A request named another host than the connection leads to. */
  'host_mismatch',
  /** Something else than TLS in a tunnel to port 443. */
  'not_tls',
  /** A plain request in a tunnel. */
  'plain_http',
  /** TLS with the proxy could not be agreed upon, such as for HTTP/2 alone. */
  'tls_failed',
  /** The host's certificate is not to be trusted. */
  'untrusted_certificate',
  /** A lease had ended when its secret was to be put in. */
  'lease_ended',
  /** The placeholder of a secret stood in another place than its own. */
  'placeholder_misplaced',
  /** The placeholder of a secret was sent to a host that may not have it. */
  'placeholder_elsewhere',
  /** Another protocol was asked for on a connection that gets a secret. */
  'upgrade',
  /** An answer came in a coding that can't be looked into. */
  'unreadable_answer',
  'limit_requests',
  'limit_bytes',
  'limit_time',
])
export type EgressReason = z.infer<typeof EgressReason>

/** What an action did on the network, by host, port, verdict and reason. */
export const EgressRecord = z.strictObject({
  /** `*` for targets that could not be read, and for what there was too much of. */
  host: z.string().max(300),
  port: z.int().min(0).max(65_535),
  verdict: z.enum(['allowed', 'refused']),
  reason: EgressReason.exactOptional(),
  /** Tunnels and requests. */
  connections: z.int().min(1),
  /** Bytes to the host, and from it. */
  up: z.int().min(0),
  down: z.int().min(0),
})
export type EgressRecord = z.infer<typeof EgressRecord>
