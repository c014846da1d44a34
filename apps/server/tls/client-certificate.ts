import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { AzoraError } from '@azora/base'
import type { Principal } from '@azora/identity'

/**
 * Checks the certificate that a caller shows, where callers are asked for one (mutual TLS): it counts beside the token,
 * never in place of it. It names its principals as URIs among its subject's alternative names (RFC 5280, section 4.2.1.6),
 * such as `node:eu-1`. Nodes must show one. What connects without TLS comes from this machine.
 *
 * @throws AzoraError `certificate_required`, `certificate_untrusted`, `certificate_mismatch`
 */
export function requireCertificate(socket: Socket, { id, roles }: Pick<Principal, 'id' | 'roles'>): void {
  if (!(socket instanceof TLSSocket)) return
  const shown = socket.getPeerX509Certificate()
  if (!shown) {
    if (!roles.includes('node')) return
    throw new AzoraError('forbidden', 'certificate_required', `${id} must show a certificate`, {
      remedy: 'Start the node with --tls-cert and --tls-key.',
    })
  }
  if (!socket.authorized) {
    const why = socket.authorizationError ?? 'unknown reason'
    throw new AzoraError('forbidden', 'certificate_untrusted', `the certificate is not accepted: ${why}`, {
      remedy: 'Show one of the authority that the server was given as --tls-client-ca.',
    })
  }
  if (namesIn(shown.subjectAltName ?? '').has(id)) return
  throw new AzoraError('forbidden', 'certificate_mismatch', `the certificate is not that of ${id}`, {
    remedy: `Show one with the alternative name URI:${id}.`,
  })
}

const namesIn = (alternatives: string): ReadonlySet<string> =>
  new Set(
    alternatives
      .split(', ')
      .filter((name) => name.startsWith('URI:'))
      .map((name) => name.slice('URI:'.length)),
  )
