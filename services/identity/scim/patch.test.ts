import type { Json } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { type Definition, GROUP, type Resource, USER } from './attributes.ts'
import { patched } from './patch.ts'

const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp']
interface Operation {
  [key: string]: Json
  op: string
}
const change = (definition: Definition, resource: Resource, ...Operations: Operation[]): Resource =>
  patched(definition, resource, { schemas, Operations })
const group = (...ids: string[]): Resource => ({
  displayName: 'Group A',
  ...(ids.length > 0 && { members: ids.map((value) => ({ value })) }),
})
const BABS: Resource = {
  userName: 'babs',
  displayName: 'Babs',
  name: { familyName: 'Jensen', givenName: 'Barbara' },
  emails: [
    { value: 'babs@work.example', type: 'work', primary: true },
    { value: 'babs@home.example', type: 'home' },
  ],
}
const refused = (definition: Definition, resource: Resource, operation: Operation, code: string): void =>
  expect(() => change(definition, resource, operation)).toThrow(expect.objectContaining({ code }))

// The examples of RFC 7644, section 3.5.2, with attributes that are kept here.
describe('a change of the RFC', () => {
  it('adds a member to a group', () => {
    const value = [{ display: 'Babs Jensen', $ref: 'https://example.com/v2/Users/2819c223', value: '2819c223' }]
    const next = change(GROUP, group('1'), { op: 'add', path: 'members', value })
    expect((next.members as Resource[]).map((member) => member.value)).toEqual(['1', '2819c223'])
    expect(change(GROUP, next, { op: 'add', path: 'members', value })).toEqual(next)
  })

  it('adds several attributes without a path', () => {
    const value = { emails: [{ value: 'babs@jensen.org', type: 'other' }], displayName: 'B.' }
    const next = change(USER, BABS, { op: 'add', value })
    expect(next).toMatchObject({ displayName: 'B.', emails: [{}, {}, { value: 'babs@jensen.org' }] })
  })

  it('removes one member, some of its values, or all', () => {
    const path = 'members[value eq "2819c223-7f76-...413861904646"]'
    expect(change(GROUP, group('1', '2819c223-7f76-...413861904646'), { op: 'remove', path })).toEqual(group('1'))
    expect(change(GROUP, group('1', '2'), { op: 'remove', path: 'members' })).toEqual(group())
    const some = 'emails[type eq "work" and value ew "example"]'
    expect(change(USER, BABS, { op: 'remove', path: some }).emails).toEqual([
      { value: 'babs@home.example', type: 'home' },
    ])
  })

  it('removes and adds a member in one request', () => {
    const next = change(
      GROUP,
      group('1', '2'),
      { op: 'remove', path: 'members[value eq "1"]' },
      { op: 'add', path: 'members', value: [{ value: '3' }] },
    )
    expect(next).toEqual(group('2', '3'))
  })

  it('replaces all members, parts of a name, a selected value, and a part of one', () => {
    expect(change(GROUP, group('1'), { op: 'replace', path: 'members', value: [{ value: '2' }] })).toEqual(group('2'))
    const name = change(USER, BABS, { op: 'replace', path: 'name', value: { givenName: 'Babs' } }).name
    expect(name).toEqual({ familyName: 'Jensen', givenName: 'Babs' })
    const value = { type: 'work', value: 'new@work.example' }
    const one = change(USER, BABS, { op: 'replace', path: 'emails[type eq "work"]', value }).emails as Resource[]
    expect(one[0]).toEqual({ ...value, primary: true })
    const path = 'emails[type eq "work"].value'
    expect((change(USER, BABS, { op: 'replace', path, value: 'x@y.example' }).emails as Resource[])[0]).toMatchObject({
      value: 'x@y.example',
      type: 'work',
    })
  })

  it('replaces several attributes without a path', () => {
    const value = { emails: [{ value: 'bjensen@example.com', type: 'work', primary: true }], displayName: 'Babs J.' }
    expect(change(USER, BABS, { op: 'replace', value })).toEqual({ ...BABS, ...value })
  })
})

describe('a change', () => {
  it('is as providers send it', () => {
    expect(change(USER, BABS, { op: 'Replace', path: 'active', value: 'False' })).toMatchObject({ active: false })
    expect(change(USER, BABS, { op: 'replace', value: { 'name.givenName': 'B', Active: true } })).toMatchObject({
      active: true,
      name: { givenName: 'B', familyName: 'Jensen' },
    })
    const added = change(
      USER,
      { userName: 'x' },
      { op: 'Add', path: 'emails[type eq "work"].value', value: 'a@b.example' },
    )
    expect(added.emails).toEqual([{ type: 'work', value: 'a@b.example' }])
    expect(change(GROUP, group('1', '2'), { op: 'remove', path: 'members', value: [{ value: '1' }] })).toEqual(
      group('2'),
    )
    const renamed = { op: 'replace', value: { id: 'abf4dd94', displayName: 'Test', unheardOf: 1 } }
    expect(change(GROUP, group(), renamed)).toEqual({ displayName: 'Test' })
    const urn = 'urn:ietf:params:scim:schemas:core:2.0:User'
    expect(change(USER, BABS, { op: 'replace', path: `${urn}:displayName`, value: 'C' }).displayName).toBe('C')
    expect(change(USER, BABS, { op: 'replace', value: { [urn]: { displayName: 'D' } } }).displayName).toBe('D')
  })

  it('leaves one primary value', () => {
    const value = { value: 'c@d.example', primary: true }
    const emails = change(USER, BABS, { op: 'add', path: 'emails', value: [value] }).emails as Resource[]
    expect(emails.map(({ primary }) => primary)).toEqual([false, undefined, true])
  })

  it('unassigns by null, and holds as a whole or not at all', () => {
    expect(change(USER, BABS, { op: 'replace', path: 'displayName', value: null })).not.toHaveProperty('displayName')
    const before = structuredClone(BABS)
    const both = [
      { op: 'replace', path: 'displayName', value: 'X' },
      { op: 'replace', path: 'nickName', value: 'X' },
    ]
    expect(() => change(USER, BABS, ...both)).toThrow(expect.objectContaining({ code: 'scim_path_invalid' }))
    expect(BABS).toEqual(before)
  })

  it.each([
    [{ op: 'move', path: 'displayName', value: 'x' }, 'scim_syntax_invalid'],
    [{ op: 'remove' }, 'scim_no_target'],
    [{ op: 'replace', path: 'emails[type eq "other"].value', value: 'x' }, 'scim_no_target'],
    [{ op: 'add', path: 'emails[type co "other"].value', value: 'x' }, 'scim_no_target'],
    [{ op: 'replace', path: 'nickName', value: 'x' }, 'scim_path_invalid'],
    [{ op: 'replace', path: 'emails[', value: 'x' }, 'scim_path_invalid'],
    [{ op: 'replace', path: 'userName[value eq "x"]', value: 'x' }, 'scim_path_invalid'],
    [{ op: 'replace', path: '__proto__.polluted', value: 'x' }, 'scim_path_invalid'],
    [{ op: 'replace', path: 'name.constructor', value: 'x' }, 'scim_path_invalid'],
    [{ op: 'replace', path: 'emails[type is "x"]', value: 'x' }, 'scim_filter_invalid'],
    [{ op: 'replace', path: 'id', value: 'x' }, 'scim_read_only'],
    [{ op: 'add', path: 'groups', value: [{ value: 'x' }] }, 'scim_read_only'],
    [{ op: 'remove', path: 'userName' }, 'scim_value_invalid'],
    [{ op: 'add', path: 'displayName' }, 'scim_value_invalid'],
    [{ op: 'replace', path: 'displayName', value: 5 }, 'scim_value_invalid'],
    [{ op: 'replace', path: 'displayName', value: 'x'.repeat(1_001) }, 'scim_value_invalid'],
    [{ op: 'replace', path: 'displayName', value: 'a\u0000b' }, 'scim_value_invalid'],
    [{ op: 'replace', path: 'active', value: 'perhaps' }, 'scim_value_invalid'],
    [{ op: 'replace', path: 'emails', value: 'x' }, 'scim_value_invalid'],
    [{ op: 'replace', path: 'emails', value: [{ primary: true }, { primary: true }] }, 'scim_value_invalid'],
    [{ op: 'replace', path: 'emails', value: Array(21).fill({ value: 'x' }) }, 'scim_value_invalid'],
    [{ op: 'replace', value: 'x' }, 'scim_value_invalid'],
  ])('is refused: %j', (operation, code) => {
    refused(USER, BABS, operation, code)
    expect(({} as Resource).polluted).toBeUndefined()
  })
})
