import { describe, expect, it } from 'vitest'
import { subjectFor } from '../../testing/requests.ts'
import { sql } from './sql.ts'

type Effect = 'read' | 'write'

function rulesFor(text: string, effect: Effect = 'read', key = 'sql', declared = true): string[] {
  const formats = declared ? { [`/${key}`]: 'sql' as const } : {}
  const action = { input: { [key]: text }, effects: [effect], formats }
  return sql.find(subjectFor({ action })).map(({ rule }) => rule)
}

const DESTROYS = ['sql_destroys']

describe('statements that change every row', () => {
  it.each([
    'delete from a',
    'delete from a where true',
    'delete from a where id = id',
    "update a set x = 1 where 'a' = 'a'",
    'delete from a where x = 1 or not false',
    'delete from a where id > 0',
    'delete from a where coalesce(1, 0) = 1',
    'delete from a where x is null or x is not null',
    'delete from a where id in (select id from a)',
    'UPDATE [dbo].[A] SET x = 1',
    'select 1 delete from a',
    "DECLARE @s nvarchar(99) = N'DR' + N'OP TABLE x'; EXEC(@s)",
    "do $$ declare s text := 'drop'; begin s := s || ' table x'; execute s; end $$",
    'create function f() returns void language plpgsql as $$ begin delete from a; end $$; select f()',
    "select 'a\\'' ; drop table x -- '",
    'select 1; /*!50000 drop */ table x',
    'select 1\0; drop table x',
  ])('%j destroys', (text) => expect(rulesFor(text, 'write')).toEqual(DESTROYS))

  it.each([
    'delete from a where id = 1',
    'delete from a where x = 1 and 1 = 1',
    'delete from a using b where a.id = b.id',
    'DELETE FROM `a` LIMIT 10',
    'UPDATE [dbo].[A] SET x = 1 WHERE id = 3',
    'UPDATE a SET b = ? WHERE id = ?',
    'delete from a where id = :id',
    'create temp table s as select 1; drop table s',
    "update a set data = data #- '{x}' where id = 1",
    "insert into logs (line) values ('drop table x; delete from y')",
    'do $$ begin raise notice $m$drop table x$m$; end $$',
    'create function f() returns trigger language plpgsql as $$ begin delete from a; return new; end $$',
  ])('%j does not', (text) => expect(rulesFor(text, 'write')).toEqual([]))
})

describe('statements in a skill that reads', () => {
  it.each([
    "select nextval('s')",
    'explain analyze delete from a where id = 1',
    'select * into b from a',
    'call close_year(2023)',
    'EXEC close_year',
    'PRAGMA user_version = 3',
    'vacuum',
  ])('%j writes', (text) => expect(rulesFor(text)).toEqual(['sql_understated']))

  it.each([
    'explain (analyze off) delete from a',
    "SELECT * FROM a WHERE x = 'it\\'s'",
    "select * from t where b ? 'c'",
    'SHOW CREATE TABLE x',
    'SELECT ISNULL([a], 0) AS [drop table x] FROM [t]',
    "PRAGMA table_info('a')",
    'prepare p as select $1::int; execute p(1)',
    "EXEC sp_help 'x'",
    'select x from {table} where a = {{b}}',
    '',
    '-- nothing',
  ])('%j does not', (text) => expect(rulesFor(text)).toEqual([]))

  it.each([
    "select nextval('s')",
    "select setval('s', (select max(id) from t))",
    'SELECT NEXT VALUE FOR dbo.s',
    'select s.nextval from dual',
    'VALUES NEXTVAL FOR s',
    "do $$ begin perform nextval('s'); end $$",
  ])('%j moves a sequence on, which people decide', (text) => {
    const action = { input: { sql: text }, effects: ['read' as const], formats: { '/sql': 'sql' as const } }
    expect(sql.find(subjectFor({ action }))).toMatchObject([{ rule: 'sql_understated', severity: 'HIGH' }])
    expect(rulesFor(text, 'write')).toEqual([])
  })

  it.each(["select currval('s'), lastval()", 'select nextval from t', "select 'nextval(1)'"])('%j moves none', (text) =>
    expect(rulesFor(text)).toEqual([]),
  )

  it('is graver where something is written too', () => {
    const action = { input: { sql: "insert into t values (nextval('s'))" }, effects: ['read' as const] }
    expect(sql.find(subjectFor({ action }))).toMatchObject([{ rule: 'sql_understated', severity: 'CRITICAL' }])
  })

  it('may lock', () => expect(rulesFor('select * from a for update')).toEqual(['sql_locks']))
})

describe('texts that nobody declared as SQL', () => {
  it.each(['delete from users', 'DROP TABLE users;', 'update users set x = 1'])('%j is SQL', (text) =>
    expect(rulesFor(text, 'read', 'query', false)).toContain('sql_destroys'),
  )

  it.each([
    'drop table manners for kids',
    'analyze sentiment',
    'grant access to bob',
    'delete from facebook how do i',
    'set alarm; call bob',
    'mutation { x }',
    "it's 5 o'clock",
  ])('%j is none', (text) => expect(rulesFor(text, 'read', 'query', false)).toEqual([]))
})

describe('SQL that is made to be hard to read', () => {
  it.each([
    ['deep sums', `select ${'1+'.repeat(30_000)}1`],
    ['deep parentheses', '('.repeat(60_000)],
    ['an open quotation', `select '${'x'.repeat(1000)}`],
    ['many statements', 'a;'.repeat(30_000)],
    ['more text than is read', `select 1 --${'x'.repeat(70_000)}`],
  ])('is reported: %s', (_, text) => expect(rulesFor(text, 'write')).toEqual(['sql_unreadable']))

  it('leaves the parser in order', () => {
    for (let time = 0; time < 20; time += 1) rulesFor(`select ${'1+'.repeat(30_000)}1`)
    expect(rulesFor('select 1')).toEqual([])
    expect(rulesFor('delete from a', 'write')).toEqual(DESTROYS)
  })
})
