export { migrate } from './migrate.ts'
export { createDb, type Db, isUniqueViolation } from './pool.ts'
