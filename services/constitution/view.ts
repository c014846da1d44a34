import { type ConstitutionView, JsonObject } from '@azora/contracts'
import type { InForce } from './in-force.ts'

/** The law in force as the API shows it. */
export function viewOf(state: InForce, folderDiffers: string | undefined): ConstitutionView {
  const { position, problem, policies, thresholds, activation } = state
  return {
    ...(position.digest !== null && { digest: position.digest }),
    sequence: position.sequence,
    ...(activation && {
      since: activation.header.at,
      by: activation.header.actor,
      key: activation.payload.key,
    }),
    withoutCases: activation?.payload.statement.withoutCases ?? false,
    ...(problem !== undefined && { problem }),
    articles: policies.map(({ article, rule, title, severity, remedy, effect, text }) => ({
      article,
      rule,
      title,
      severity,
      remedy,
      effect,
      text,
    })),
    ...(thresholds && { thresholds: JsonObject.parse(thresholds) }),
    ...(folderDiffers !== undefined && { folderDiffers }),
  }
}
