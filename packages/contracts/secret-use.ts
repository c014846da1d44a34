import { z } from 'zod'
import { Host, JsonPointer, Name, SecretName } from './names.ts'

/** Headers that say where a message goes or where it ends; a secret in one of them could change that. */
const FRAMING =
  /^(host|content-(length|type|encoding|range)|transfer-encoding|connection|upgrade|te|trailer|expect|range|proxy-.*|keep-alive|accept-encoding|:.*)$/

/** Field name (RFC 9110, section 5.1) in lower case. */
const HeaderName = z
  .string()
  .max(80)
  .regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, 'is not the name of a header in lower case')
  .refine((name) => !FRAMING.test(name), 'is a header that frames the message')

/** Where in a request to its host a secret stands. */
export const SecretPlace = z.discriminatedUnion('in', [
  z.strictObject({
    in: z.literal('header'),
    name: HeaderName,
    /** What the header holds, with `{}` in the place of the secret. */
    format: z
      .string()
      .max(200)
      .regex(/^[\x20-\x7a|\x7e]*\{\}[\x20-\x7a|\x7e]*$/, 'must hold {} once, and printable ASCII beside it')
      .default('{}'),
  }),
  /** HTTP Basic authentication (RFC 7617) with the secret as the password. */
  z.strictObject({
    in: z.literal('basic'),
    user: z
      .string()
      .max(200)
      .regex(/^[\x20-\x39\x3b-\x7e]*$/, 'must be printable ASCII without a colon'),
  }),
  z.strictObject({ in: z.literal('query'), name: z.string().min(1).max(80) }),
  /** Anywhere in a body that is JSON, a form or plain text, of 1 MiB at most. */
  z.strictObject({ in: z.literal('body') }),
])
export type SecretPlace = z.infer<typeof SecretPlace>

/** Secrets of one action. */
export const SECRETS_MAX = 8

/** How the sandbox gets a secret: as a placeholder that the node's proxy replaces, or as it is in the environment. */
export const SecretMode = z.enum(['brokered', 'environment'])
export type SecretMode = z.infer<typeof SecretMode>

/** The longest time that one lease may last. */
export const LeaseMs = z.int().min(1_000).max(3_600_000)

export const SecretVersionNumber = z.int().min(1).max(1_000_000)

/** Not one by which programs are told what to load, whom to trust or where to connect. */
const EnvironmentVariable = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,79}$/, 'must be upper-case letters, digits and "_"')
  .refine(
    (name) =>
      !/^(PATH|HOME|TMPDIR|LANG|USER|ENV|IFS|BASH_.*|SHELL.*|AZORA_.*|LD_.*|NODE_.*|SSL_.*|CURL_.*|GIT_.*|PYTHON.*|.*_PROXY)$/.test(
        name,
      ),
    'is a variable that changes how programs run',
  )

/** A need of a skill for a secret, as its manifest declares it. */
export const SecretSlot = z.strictObject({
  /** Pointer into the input to the secret's name, or `NAME@3` for one version; where nothing is, nothing is leased. */
  name: JsonPointer,
  /** What the name must begin with. */
  prefix: z.string().max(80).exactOptional(),
  /** Where the skill can put it; every place when absent. */
  places: z
    .array(z.enum(['header', 'basic', 'query', 'body']))
    .min(1)
    .max(4)
    .exactOptional(),
  mode: SecretMode.default('brokered'),
  variable: EnvironmentVariable.exactOptional(),
})
export type SecretSlot = z.infer<typeof SecretSlot>

export const SecretSlots = z
  .record(Name, SecretSlot)
  .refine((slots) => Object.keys(slots).length <= SECRETS_MAX, `there are ${SECRETS_MAX} slots at most`)
  .refine(
    (slots) =>
      Object.values(slots).every(({ mode, variable }) => (mode === 'environment') === (variable !== undefined)),
    'a variable is named for the mode environment, and for no other',
  )
export type SecretSlots = z.infer<typeof SecretSlots>

/** On which terms an action uses a secret. They are a part of the action, so the proof names them. */
export const SecretUse = z.strictObject({
  /** Under this name the skill knows it. */
  slot: Name,
  name: SecretName,
  version: z.union([z.literal('current'), SecretVersionNumber]),
  /** The only hosts that get it. */
  hosts: z.array(Host).min(1).max(8),
  place: SecretPlace,
  mode: SecretMode,
  /** A lease ends after this time, and with the action. */
  leaseMs: LeaseMs,
  /** With the mode `environment`: the variable that holds it. */
  variable: EnvironmentVariable.exactOptional(),
})
export type SecretUse = z.infer<typeof SecretUse>
