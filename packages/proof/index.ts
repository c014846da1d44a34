export { newPrivateKey } from './private-key.ts'
export { createSigner, createWitness } from './signing.ts'
export * from './verify.ts'
