import { hash, randomBytes } from 'node:crypto'

/** A new secret: 256 random bits behind a prefix that tells what it is for. */
export const newSecret = (prefix: string): string => `${prefix}${randomBytes(32).toString('base64url')}`

/** What is kept of a secret. So many random bits need no salt and no slow hash. */
export const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer')
