export { type Constitution, type ConstitutionDeps, createConstitution } from './constitution.ts'
export type { Article } from './law/article.ts'
export type { OutputRequest } from './request.ts'
