export { createRecipient, type Recipient } from './hpke.ts'
export { openKms } from './kms/open.ts'
export { type LendRequest, leaseInfo } from './lend.ts'
export { createSecrets, type Secrets, type SecretTerms } from './secrets.ts'
