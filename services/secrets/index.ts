export { createLocalKms } from './kms/local.ts'
export type { Kms } from './kms/port.ts'
export { createSecrets, type Secrets } from './secrets.ts'
