import type { EntryRecord, PartiesStatement } from '@azora/contracts'
import { expect, it } from 'vitest'
import { readPeople } from './people.ts'

const KEY = { acme: 'azora/alice+00000001+AA==', beta: 'azora/alice+00000002+AA==' }

const added = (index: number, tenant: keyof typeof KEY): PartiesStatement['predicate']['principals'][number] => {
  const header = { index, kind: 'principal.added', tenant, actor: 'system:tenants' } as EntryRecord['header']
  const payload = { principal: 'user:alice', roles: ['reviewer'], keys: [KEY[tenant]] }
  return { entry: { header, payload }, inclusion: { index, path: [] } }
}

it('an id has the keys of its own tenant, whatever somebody of the same name has elsewhere', () => {
  const people = readPeople([added(1, 'acme'), added(2, 'beta')])
  const keysAt = (tenant: string, index = 9) => people.keysAt({ tenant, actor: 'user:alice', index })
  expect([keysAt('acme'), keysAt('beta'), keysAt('gamma')]).toEqual([[KEY.acme], [KEY.beta], []])
  expect(keysAt('beta', 2)).toEqual([])
})
