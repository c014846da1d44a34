/** The agent of all runs that have one. */
export const AGENT_ID = 'scripted'
