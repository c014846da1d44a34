export { FAKE_SECRETS, LOOK_ALIKES } from '../cases/made-up-secrets.ts'
