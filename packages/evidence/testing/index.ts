export { type Attack, alterations, forgeries, rearrangements, truncations } from './attacks.ts'
export { CONSTITUTION, createLog, LAW, type TestLog } from './log.ts'
export { skill } from './run.ts'
