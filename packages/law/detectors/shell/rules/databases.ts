import type { Command } from '../command.ts'
import { setOf } from '../options.ts'
import type { Find } from './rule.ts'

const SQL_CLIENTS = setOf(
  'psql mysql mariadb sqlite3 sqlite sqlplus sqlcmd usql clickhouse-client duckdb cockroach cqlsh mycli pgcli isql bq snowsql',
)
const DOCUMENT_CLIENTS = setOf('mongosh mongo redis-cli valkey-cli etcdctl influx')
const FILE_CLIENTS = setOf('sqlite3 sqlite duckdb')

const WIPES = /\b(?:drop\s+(?:database|schema|keyspace)|dropDatabase|flushall|flushdb|\bdel\s+""\s+--prefix)\b/i
const DROPS =
  /\b(?:drop\s+(?:table|tablespace|owned)|truncate(?:\s+table)?\s+[\w"`.[]+|\.drop\(\)|deleteMany\(\s*\{\s*\}\s*\))/i
/** A deletion without a condition, up to the end of the statement. */
const DELETES_ALL = /\bdelete\s+from\s+[\w"`.[\]]+\s*(?:;|$|["'])/i

/** Destroying data through the client of a database. */
export function databaseDestroys(command: Command): Find[] {
  const { name = '' } = command
  const find = (what: string, severity: Find['severity'] = 'CRITICAL'): Find[] => [{ command, severity, what }]
  if (name === 'dropdb') return find('dropdb')
  if (name === 'mysqladmin' && command.shapes.includes('drop')) return find('mysqladmin drop')
  if (name === 'pg_restore' && command.shapes.includes('--clean')) return find('pg_restore --clean', 'HIGH')
  if (!SQL_CLIENTS.has(name) && !DOCUMENT_CLIENTS.has(name)) return []
  const text = `${command.line}\n${command.input ?? ''}`.slice(0, 50_000)
  if (WIPES.test(text)) return find(`${name}: drops a database`)
  if (!DROPS.test(text) && !DELETES_ALL.test(text)) return []
  return find(`${name}: empties or drops tables`, FILE_CLIENTS.has(name) ? 'HIGH' : 'CRITICAL')
}
