import { z } from 'zod'
import {
  EndedSessions,
  EndSessions,
  KeySet,
  RotateSignInKey,
  SessionView,
  SignInLink,
  StartSession,
  TokenIssued,
  TokenRequest,
  WhoAmI,
} from '../sign-in.ts'
import { operation, text } from './operation.ts'

export const signIn = {
  page: operation({
    method: 'GET',
    path: '/sign-in',
    summary: 'The page where people sign in and out',
    permission: 'public',
    responses: { 200: text('text/html', z.string()) },
  }),
  link: operation({
    method: 'POST',
    path: '/api/v1/sign-in-links',
    summary: 'Make a link that signs the caller in to a browser, once and within five minutes',
    permission: 'session.link',
    problems: ['credential_too_short_lived'],
    responses: { 201: SignInLink },
  }),
  token: operation({
    method: 'POST',
    path: '/api/v1/tokens',
    summary: 'Issue a short-lived signed token that says who the caller is',
    permission: 'token.issue',
    body: TokenRequest,
    problems: ['credential_too_short_lived', 'key_unwrap_failed', 'kms_unavailable'],
    responses: { 201: TokenIssued },
  }),
  keys: operation({
    method: 'GET',
    path: '/.well-known/jwks.json',
    summary: 'The public keys of signed tokens, as a JSON Web Key Set',
    permission: 'public',
    problems: ['database_unreachable', 'kms_unavailable'],
    responses: { 200: KeySet },
  }),
  rotateKey: operation({
    method: 'POST',
    path: '/api/v1/sign-in-keys/rotate',
    summary: 'Let a new key sign tokens',
    permission: 'token.rotate_key',
    body: RotateSignInKey,
    problems: ['kms_unavailable'],
    responses: { 200: KeySet },
  }),
}

export const sessions = {
  start: operation({
    method: 'POST',
    path: '/api/v1/session',
    summary: 'Sign in with the code of a link; the session comes as a cookie',
    permission: 'public',
    body: StartSession,
    problems: ['sign_in_code_invalid', 'too_many_attempts', 'cross_site', 'database_unreachable'],
    responses: { 201: WhoAmI },
  }),
  current: operation({
    method: 'GET',
    path: '/api/v1/session',
    summary: 'Who the caller is, and in which session',
    permission: 'session.read',
    responses: { 200: WhoAmI },
  }),
  signOut: operation({
    method: 'DELETE',
    path: '/api/v1/session',
    summary: 'End the session of this request',
    permission: 'session.end',
    problems: ['no_session'],
    responses: { 204: z.null() },
  }),
  list: operation({
    method: 'GET',
    path: '/api/v1/sessions',
    summary: 'Live sessions, the newest first: the owner sees everybody’s, others their own',
    permission: 'session.read',
    responses: { 200: z.strictObject({ items: z.array(SessionView) }) },
  }),
  end: operation({
    method: 'DELETE',
    path: '/api/v1/sessions/{sessionId}',
    summary: 'End a session at once: the owner anybody’s, others their own',
    permission: 'session.end',
    params: z.strictObject({ sessionId: z.uuid() }),
    problems: ['session_not_found'],
    responses: { 204: z.null() },
  }),
  endAll: operation({
    method: 'POST',
    path: '/api/v1/sessions/end',
    summary: 'Sign out everywhere: all sessions and unused links of a principal end at once',
    permission: 'session.end',
    body: EndSessions,
    responses: { 200: EndedSessions },
  }),
}
