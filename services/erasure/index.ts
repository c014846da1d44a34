export { createErasures, type Derived, type ErasedRun, type Eraser, type Erasures } from './erasures.ts'
export { createRetention, type Retention } from './retention/retention.ts'
