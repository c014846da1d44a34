/** The agent of all runs that have one. */
export const AGENT_ID = 'scripted'

/** Its versions, which answer alike. */
export const VERSIONS = ['1.0.0', '1.1.0'] as const
/** One that concludes when its first plan has ended. */
export const HASTY = '1.2.0'
