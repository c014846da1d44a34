import { expect, it } from 'vitest'
import { pageQuery } from './page-query.ts'

it('asks for what is said, and for nothing else', () => {
  const conditions = [
    ['tenant = $', 'a'],
    ['state = $', undefined],
    ['open and (expires_at is null or expires_at > $)', 7],
  ] as const
  expect(pageQuery('id from t', 'id', { limit: 5 }, conditions)).toEqual({
    text: 'select id from t where tenant = $1 and open and (expires_at is null or expires_at > $2) order by id desc limit $3',
    values: ['a', 7, 5],
  })
})

it('goes on behind the page before, in its order', () => {
  const page = (order: 'newest' | 'oldest') => pageQuery('id from t', 'at', { order, after: 9, limit: 5 }, [])
  expect(page('newest')).toEqual({ text: 'select id from t where at < $1 order by at desc limit $2', values: [9, 5] })
  expect(page('oldest').text).toBe('select id from t where at > $1 order by at asc limit $2')
})
