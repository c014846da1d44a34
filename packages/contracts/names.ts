import { z } from 'zod'

/** UUID in its canonical text form; runs use version 7 (RFC 9562), so they sort by time. */
export const RunId = z.uuid()

/** Dotted lower-case name, such as `git.clone` or `repo-steward`; at most 80 characters. */
export const Name = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9]*([.-][a-z0-9]+)*$/, 'use lower-case letters, digits, "." and "-", starting with a letter')

/** Semantic version without build metadata (semver.org 2.0.0). */
export const Version = z
  .string()
  .max(60)
  .regex(
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?$/,
    'use MAJOR.MINOR.PATCH',
  )

/** SHA-256 in lower-case hexadecimal, 64 characters. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal')

/** RFC 3339 time in UTC with milliseconds. */
export const Timestamp = z.iso.datetime()

/** An absolute path of the node's host, without `.` or `..` segments. */
export const AbsolutePath = z
  .string()
  .max(4096)
  .regex(/^(?![^\0]*\/\.{1,2}(\/|$))\/[^\0]*$/, 'expected an absolute path without "." or ".." segments')

/** A DNS name or IP address, optionally with a port: `example.org`, `127.0.0.1:8080`. */
export const Host = z
  .string()
  .max(260)
  .regex(
    /^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(:\d{1,5})?$/,
    'expected host or host:port in lower case',
  )

/** Name of an execution node. */
export const NodeName = z
  .string()
  .max(60)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'use letters, digits, ".", "_" and "-", starting with a letter or digit')

/** One life of a node, from its start to its end: `name/instance`, where the instance is random. */
export const NodeLife = z
  .string()
  .max(130)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9-]{8,64}$/)

/** JSON Pointer (RFC 6901). */
export const JsonPointer = z
  .string()
  .max(400)
  .regex(/^(\/([^~/]|~[01])*)*$/, 'expected a JSON Pointer')

/** What a secret is called, such as `GITHUB_TOKEN`. */
export const SecretName = z
  .string()
  .max(80)
  .regex(/^[A-Za-z][A-Za-z0-9]*([._-][A-Za-z0-9]+)*$/, 'use letters, digits, ".", "_" and "-", starting with a letter')
