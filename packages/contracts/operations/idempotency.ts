import { z } from 'zod'

/** @param effect what a repeated request does */
export const idempotencyHeaders = (effect: string) =>
  z.looseObject({ 'idempotency-key': z.string().min(1).max(200).optional().describe(effect) })
