import { VerificationRequest as Request, type VerificationRequest } from '@azora/contracts'

/** Half of what agents do is reading; a fifth writes, and a fifth reaches out. */
const EFFECTS = ['read', 'read', 'none', 'read', 'read', 'write', 'write', 'external', 'external', 'read'] as const
const DIGEST = 'c'.repeat(64)

const uuid = (at: number): string => `01890a5d-ac96-774b-bcce-${at.toString(16).padStart(12, '0')}`

/**
 * Small ordinary requests, each of another run and step, with another input and, between them, many skills, tenants,
 * agents, hosts and counts. A few ask for what is not granted.
 */
export function requestOf(at: number): VerificationRequest {
  const effect = EFFECTS[at % EFFECTS.length] ?? 'read'
  const skillId = `skill-${(at * 7) % 211}`
  const host = `host-${(at * 13) % 509}.example`
  const reaches = effect === 'external'
  return Request.parse({
    action: {
      runId: uuid(at),
      stepId: `step-${at}`,
      tenant: `tenant-${(at * 3) % 97}`,
      principal: `agent:agent-${(at * 5) % 101}@1.0.${at % 10}`,
      owner: `user:person-${at % 53}`,
      skillId,
      skillVersion: `1.${at % 20}.0`,
      codeDigest: DIGEST,
      input: {
        repository: `/srv/projects/p${at}`,
        branch: `feature/change-${at}`,
        title: `Correct the report of week ${at % 52} (${at})`,
        count: at,
        ...(reaches ? { url: `https://${host}/items/${at}` } : { files: [`docs/a${at}.md`, `docs/b${at}.md`] }),
      },
      effects: [effect],
      workspace: effect === 'write' ? 'write' : 'read',
      resources: {
        read: effect === 'read' ? [`/srv/projects/p${at}`] : [],
        write: effect === 'write' ? [at % 50 === 5 ? '/srv/other' : `/srv/projects/p${at}`] : [],
        hosts: reaches ? [host] : [],
      },
    },
    scope: { read: [], write: [`/srv/projects/p${at}`], hosts: at % 40 === 8 ? [] : [host] },
    declaredSkills: [skillId],
    run: {
      actions: at,
      deniedInARow: at % 4,
      failedInARow: at % 3,
      taints: at % 5 === 0 ? ['untrusted_content'] : [],
      spent: [],
      planFindings: [],
    },
  })
}
