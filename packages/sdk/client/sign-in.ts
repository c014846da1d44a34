import type {
  AddSigningKey,
  DeviceDecision,
  DeviceRequest,
  DeviceTokenRequest,
  EndSessions,
  NewKey,
  RotateKey,
  RotateSignInKey,
  TokenRequest,
} from '@azora/contracts'
import type { Api } from './api.ts'
import type { CallOptions } from './transport.ts'

/** Who the caller is, and where they are signed in. */
export const signInMethods = (api: Api) => ({
  /** Who the caller is, and in which session. */
  whoAmI: (call?: CallOptions) => api.sessions.current({}, call),
  /** A link that signs the caller in to a browser, once. */
  /** Needs a session that has just begun. */
  addSigningKey: (body: AddSigningKey, call?: CallOptions) => api.sessions.addSigningKey({ body }, call),
  signInLink: (call?: CallOptions) => api.signIn.link({}, call),
  /** A short-lived signed token that says who the caller is. */
  accessToken: (body: TokenRequest = {}, call?: CallOptions) => api.signIn.token({ body }, call),
  rotateSignInKey: (body: RotateSignInKey = {}, call?: CallOptions) => api.signIn.rotateKey({ body }, call),
  /** Asks to act for somebody, who says so with the user code. */
  authorizeDevice: (body: DeviceRequest, call?: CallOptions) => api.devices.authorize({ body }, call),
  /** Rejects with `authorization_pending` until somebody has said so. */
  deviceToken: (body: DeviceTokenRequest, call?: CallOptions) => api.devices.token({ body }, call),
  device: (userCode: string, call?: CallOptions) => api.devices.show({ params: { userCode } }, call),
  decideDevice: (userCode: string, body: DeviceDecision, call?: CallOptions) =>
    api.devices.decide({ params: { userCode }, body }, call),
  /** API keys that the caller may see, the newest first. */
  keys: async (call?: CallOptions) => (await api.keys.list({}, call)).items,
  key: (keyId: string, call?: CallOptions) => api.keys.get({ params: { keyId } }, call),
  /** Nobody can read the key again. */
  createKey: (body: NewKey, call?: CallOptions) => api.keys.create({ body }, call),
  rotateKey: (keyId: string, body: RotateKey = {}, call?: CallOptions) =>
    api.keys.rotate({ params: { keyId }, body }, call),
  /** Ends it at once. */
  revokeKey: (keyId: string, call?: CallOptions) => api.keys.revoke({ params: { keyId } }, call),
  sessions: async (call?: CallOptions) => (await api.sessions.list({}, call)).items,
  /** Ends the session that the client calls in. */
  signOut: (call?: CallOptions) => api.sessions.signOut({}, call),
  endSession: (sessionId: string, call?: CallOptions) => api.sessions.end({ params: { sessionId } }, call),
  /** Signs out everywhere: the caller, or who is named. */
  endSessions: (body: EndSessions = {}, call?: CallOptions) => api.sessions.endAll({ body }, call),
})
