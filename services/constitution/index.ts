export type { BacktestOptions } from './backtest/backtest.ts'
export { type Constitution, type ConstitutionDeps, createConstitution } from './constitution.ts'
