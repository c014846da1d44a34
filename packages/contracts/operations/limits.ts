import { AdmissionLimitsView, SetLimitsRequest } from '../admission.ts'
import { BudgetList } from '../budget.ts'
import { operation } from './operation.ts'

/** How runs are accepted and admitted. */
export const limits = {
  show: operation({
    method: 'GET',
    path: '/api/v1/limits',
    summary: 'The limits by which runs are accepted and admitted',
    permission: 'limit.read',
    scope: 'server',
    hasETag: true,
    responses: { 200: AdmissionLimitsView },
  }),
  budgets: operation({
    method: 'GET',
    path: '/api/v1/budgets',
    summary: 'What is used and reserved of the budgets in force',
    permission: 'limit.read',
    scope: 'server',
    responses: { 200: BudgetList },
  }),
  set: operation({
    method: 'POST',
    path: '/api/v1/limits',
    summary: 'Puts other limits in force, at once and on record',
    permission: 'limit.set',
    scope: 'server',
    ifMatch: '/api/v1/limits',
    body: SetLimitsRequest,
    problems: ['limits_changed'],
    responses: { 200: AdmissionLimitsView },
  }),
}
