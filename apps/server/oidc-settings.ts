import { AzoraError } from '@azora/base'
import type { OidcSettings } from '@azora/identity'

/** The provider that people sign in at, from the environment. Throws `oidc_malformed`. */
export function oidcSettings(env: NodeJS.ProcessEnv): OidcSettings | undefined {
  const { AZORA_OIDC_ISSUER: issuer, AZORA_OIDC_CLIENT_ID: clientId, AZORA_OIDC_CLIENT_SECRET: clientSecret } = env
  if (!issuer && !clientId) return undefined
  if (!issuer || !clientId) throw malformed('AZORA_OIDC_ISSUER and AZORA_OIDC_CLIENT_ID belong together')
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url?.protocol !== 'https:' && !isLocal) throw malformed(`AZORA_OIDC_ISSUER is an https URL, not ${issuer}`)
  return { issuer, clientId, clientSecret: clientSecret || undefined }
}

const malformed = (message: string): AzoraError =>
  new AzoraError('fix', 'oidc_malformed', message, { remedy: 'See docs/guides/sign-in.md.' })
