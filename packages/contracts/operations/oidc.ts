import { z } from 'zod'
import { PrincipalView } from '../principal.ts'
import { LinkPrincipal, PrincipalLink, SignInMethods } from '../sign-in.ts'
import { operation } from './operation.ts'

const PrincipalParams = z.strictObject({ principalId: PrincipalView.shape.id })

/** Signing in at a provider of OpenID Connect, and who is who there. */
export const oidc = {
  methods: operation({
    method: 'GET',
    path: '/api/v1/sign-in-methods',
    summary: 'How people can sign in here beside links and devices',
    permission: 'public',
    scope: 'none',
    responses: { 200: SignInMethods },
  }),
  begin: operation({
    method: 'GET',
    path: '/sign-in/oidc',
    summary: 'Send a browser to the provider to sign in',
    permission: 'public',
    scope: 'none',
    problems: ['oidc_not_configured', 'oidc_unavailable', 'too_many_attempts'],
    responses: { 302: z.null() },
  }),
  callback: operation({
    method: 'GET',
    path: '/sign-in/oidc/callback',
    summary: 'Where the provider sends the browser back to; the session comes as a cookie',
    permission: 'public',
    scope: 'none',
    problems: ['oidc_not_configured'],
    responses: { 302: z.null() },
  }),
  links: operation({
    method: 'GET',
    path: '/api/v1/principal-links',
    summary: 'Who signs in at the provider as whom',
    permission: 'principal.read',
    scope: 'tenant',
    responses: { 200: z.strictObject({ items: z.array(PrincipalLink) }) },
  }),
  link: operation({
    method: 'POST',
    path: '/api/v1/principals/{principalId}/link',
    summary: 'Let somebody at the provider sign in as a person',
    permission: 'principal.add',
    scope: 'tenant',
    params: PrincipalParams,
    body: LinkPrincipal,
    problems: ['oidc_not_configured', 'principal_not_found', 'link_taken', 'credential_too_short_lived'],
    responses: { 200: PrincipalLink },
  }),
  unlink: operation({
    method: 'DELETE',
    path: '/api/v1/principals/{principalId}/link',
    summary: 'End that; their sessions end at once',
    permission: 'principal.remove',
    scope: 'tenant',
    params: PrincipalParams,
    problems: ['link_not_found'],
    responses: { 204: z.null() },
  }),
}
