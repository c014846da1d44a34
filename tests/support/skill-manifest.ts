import type { SkillManifest } from '@azora/contracts'

/** Digest of code that no test runs. */
export const CODE_DIGEST = 'a'.repeat(64)

/** The manifest of a skill that only its effects tell from others. */
export const skillManifest = (
  skillId: string,
  effects: SkillManifest['effects'],
  idempotent: boolean,
  change: Partial<SkillManifest> = {},
): SkillManifest => ({
  skillId,
  version: '1.0.0',
  title: skillId,
  description: skillId,
  effects,
  idempotent,
  workspace: 'none',
  resources: { read: [], write: [], urls: [] },
  limits: { wallMs: 60_000, outputBytes: 1_048_576, fileBytes: 1_073_741_824 },
  policies: [],
  inputSchema: { type: 'object' },
  outputSchema: {},
  entrypoint: `skills/${skillId}.ts`,
  codeDigest: CODE_DIGEST,
  ...change,
})
