import { Effect, type Scope, type VerificationRequest } from '@azora/contracts'
import fc from 'fast-check'
import { FAKE_SECRETS } from '../cases/made-up-secrets.ts'
import { requestFor } from './requests.ts'

/** Mostly the first value, which is the good one, so that requests of every verdict come up. */
const mostly = <T>(good: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(good), weight: 4 }, { arbitrary: fc.constantFrom<T[]>(...others), weight: 1 })

const paths = fc.uniqueArray(
  mostly('/srv/repo', '/srv/repo/a', '/srv/docs', '/srv/repository', '/etc/hosts', '/home/a/.ssh', '/'),
  {
    maxLength: 3,
  },
)
const hosts = fc.uniqueArray(mostly('example.org', 'example.org:8443', '127.0.0.1:3000', '[::1]'), { maxLength: 2 })
const resources = fc.record({ read: paths, write: fc.oneof(fc.constant<string[]>([]), paths), hosts })
const granted: Scope = { read: [], write: ['/srv/repo'], hosts: ['example.org'] }
const text = fc.oneof(
  { arbitrary: fc.string(), weight: 8 },
  { arbitrary: fc.constantFrom(...Object.values(FAKE_SECRETS)), weight: 1 },
)
const value = fc.oneof(text, fc.integer(), mostly(1, 2 ** 53), fc.array(text, { maxLength: 3 }))

/** Requests of all kinds, good and bad, that fit the contract. */
export const anyRequest: fc.Arbitrary<VerificationRequest> = fc
  .record({
    action: fc.record({
      principal: mostly('agent:repo-steward@1.0.0', 'agent:x', 'user:owner', 'user:else', 'node:local'),
      owner: mostly('user:owner', 'service:nightly', 'agent:x@1.0.0'),
      skillId: mostly('git.clone', 'git.publish-branch'),
      effects: fc.oneof(
        mostly<Effect[]>(['write'], ['read'], ['external']),
        fc.uniqueArray(fc.constantFrom(...Effect.options), { maxLength: 3 }),
      ),
      workspace: mostly<'none' | 'read' | 'write'>('write', 'read', 'none'),
      resources,
      input: fc.dictionary(fc.string(), value, { maxKeys: 4 }),
    }),
    scope: fc.oneof(fc.constant(granted), resources),
    declaredSkills: mostly<string[] | null>(['git.clone', 'git.publish-branch'], ['git.clone'], [], null),
  })
  .map(requestFor)
