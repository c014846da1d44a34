export { migrate } from './migrate.ts'
export { createDb, type Db } from './pool.ts'
