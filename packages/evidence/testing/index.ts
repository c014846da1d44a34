export { CONSTITUTION, createLog, fileOf, LAW, newSigner, type TestLog, type Written } from './log.ts'
export { skill } from './run.ts'
