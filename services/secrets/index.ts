export { createRecipient, type Recipient } from './hpke.ts'
export { type LendRequest, leaseInfo } from './lend.ts'
export { createSecrets, type Secrets, type SecretTerms } from './secrets.ts'
