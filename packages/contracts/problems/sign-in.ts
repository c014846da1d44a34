import { conflict, fix, forbidden, missing, other, retry } from './entry.ts'

/** Signing in, sessions and short-lived tokens. */
export const signIn = {
  cross_site: forbidden(
    'A browser says that another site asks, or reached the server by another address than its own.',
    'Open the server by its address; set `AZORA_PUBLIC_URL` to how browsers reach it.',
  ),
  csrf_token_invalid: forbidden(
    'A request with a session’s cookie lacks the token of its page.',
    'Send the `csrfToken` that `GET /api/v1/session` answers as `X-Azora-CSRF`.',
  ),
  certificate_required: forbidden(
    'The server asks nodes for a certificate, and none was shown.',
    'Start the node with `--tls-cert` and `--tls-key`.',
  ),
  certificate_untrusted: forbidden(
    'The certificate was not issued by an authority that the server was given, or is not valid now.',
    'Show one of the authority in `--tls-client-ca`.',
  ),
  certificate_mismatch: forbidden(
    'The certificate names another principal than the token.',
    'Show one whose alternative names hold the principal as a URI, such as `URI:node:eu-1`.',
  ),
  oidc_not_configured: missing(
    'The server has no provider to sign in at.',
    'Set `AZORA_OIDC_ISSUER` and `AZORA_OIDC_CLIENT_ID`.',
  ),
  oidc_unavailable: retry('The provider can’t be reached, or answers what can’t be used.', 'Try again in a minute.'),
  oidc_refused: other('authenticate', 401)(
    'The provider didn’t sign anybody in, or what it says of them doesn’t hold.',
    'Begin again: `/sign-in/oidc`.',
  ),
  oidc_unknown: forbidden(
    'Nobody here is linked with the person who signed in at the provider, or their address is not verified there.',
    'Let the owner link them: `azora identity link NAME --email ADDRESS`.',
  ),
  link_taken: conflict(
    'The address is linked with another principal.',
    'End that link first: `azora identity unlink`.',
  ),
  link_not_found: missing('The principal is linked with nobody.', 'List the links: `azora identity links`.'),
  sign_in_code_invalid: other('authenticate', 401)(
    'The code of a link was used, is too old or never was.',
    'Make a new link: `azora login --link`.',
  ),
  too_many_attempts: other('retry', 429)(
    'Too many sign-ins failed from this address.',
    'Try again after the time in `Retry-After`.',
  ),
  credential_too_short_lived: forbidden(
    'A short-lived token can’t be exchanged for something that lives longer.',
    'Use the session or token that it was issued with.',
  ),
  sign_in_too_old: forbidden(
    'This is done only in the ten minutes after signing in.',
    'Sign in again: `azora login`, or at your provider.',
  ),
  signing_key_exists: conflict(
    'The person has a signing key. It isn’t replaced, so that a session that somebody else got hold of can’t do it.',
    'Sign with it. If it is lost, let whoever added the person remove them and add them again.',
  ),
  session_not_found: missing('Your tenant has no such live session.', 'List them: `azora identity sessions list`.'),
  authorization_pending: fix('Nobody has approved the device yet.', 'Ask again after `interval`.'),
  slow_down: fix('The device asks for its token too often.', 'Wait five seconds longer between two requests.'),
  access_denied: forbidden('The device may not act for anybody: somebody said no, or is gone.', 'Begin again.'),
  expired_token: fix('The device’s code was used, is too old or never was.', 'Begin again: `azora login`.'),
  device_not_found: missing(
    'No device waits for somebody’s word with this code.',
    'See that it is typed as it was shown; after ten minutes begin again.',
  ),
  too_many_devices: retry('Too many devices wait for somebody’s word.', 'Try again in a minute.'),
  no_session: conflict('The request is not made in a session.', 'Nothing has to be ended.'),
}
