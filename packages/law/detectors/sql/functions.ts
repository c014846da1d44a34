import type { Findings, Kind } from './findings.ts'

const names = (text: string): string[] => text.trim().split(/\s+/)

// PostgreSQL 18 (chapters 9.28, 32 and the contrib modules), MySQL 9, SQL Server 2022, SQLite 3, DuckDB, Oracle.
const BY_KIND: ReadonlyArray<[Kind, string[]]> = [
  [
    'reachesOut',
    names(`
      pg_read_file pg_read_binary_file pg_ls_dir pg_stat_file pg_ls_logdir pg_ls_waldir pg_ls_tmpdir pg_ls_archive_statusdir
      pg_file_write pg_file_read pg_file_rename pg_file_unlink pg_file_sync pg_logdir_ls lo_import lo_export
      dblink dblink_connect dblink_connect_u dblink_exec dblink_open dblink_send_query dblink_fetch postgres_fdw_get_connections
      load_file sys_exec sys_eval sys_get sys_set load_extension readfile writefile fsdir
      openrowset opendatasource openquery openxml_file
      http_get http_post http_put http_delete http_patch http_head http urlencode_http net_http_get net_http_post
      utl_http utl_file utl_tcp utl_smtp utl_inaddr dbms_ldap httpuritype dbms_scheduler dbms_java
      read_csv read_csv_auto read_parquet read_json read_json_auto read_text read_blob parquet_scan glob sniff_csv
      aws_s3_import aws_s3_export query_export_to_s3 table_import_from_s3 lambda_invoke
    `),
  ],
  [
    'writes',
    names(`
      pg_terminate_backend pg_cancel_backend pg_reload_conf pg_rotate_logfile pg_notify
      pg_logical_emit_message pg_switch_wal pg_create_restore_point pg_backup_start pg_backup_stop pg_promote
      pg_create_physical_replication_slot pg_create_logical_replication_slot pg_drop_replication_slot
      pg_replication_origin_create pg_replication_origin_drop pg_wal_replay_pause pg_wal_replay_resume
      lo_create lo_creat lo_unlink lo_put lo_from_bytea lowrite lo_truncate pg_stat_reset pg_stat_statements_reset
      pg_import_system_collations pg_restore_relation_stats pg_clear_relation_stats brin_summarize_new_values
      dbms_sql crosstab_execute
    `),
  ],
  ['advances', names('nextval setval')],
  ['destroys', names('lo_unlink pg_file_unlink pg_drop_replication_slot')],
  [
    'locks',
    names(`
      pg_advisory_lock pg_advisory_xact_lock pg_try_advisory_lock pg_try_advisory_xact_lock pg_advisory_lock_shared
      pg_advisory_xact_lock_shared pg_try_advisory_lock_shared pg_try_advisory_xact_lock_shared pg_sleep pg_sleep_for
      pg_sleep_until get_lock sleep benchmark sp_getapplock dbms_lock dbms_session
    `),
  ],
]

const KINDS = new Map<string, Kind[]>()
for (const [kind, list] of BY_KIND) for (const name of list) KINDS.set(name, [...(KINDS.get(name) ?? []), kind])

/** Functions that carry out the SQL in one of their arguments. */
export const RUNS_TEXT: ReadonlySet<string> = new Set(
  names(
    'query_to_xml query_to_xmlschema query_to_xml_and_xmlschema ts_stat ts_rewrite crosstab connectby dblink dblink_exec',
  ),
)

/** Notes what calling a function by this name may do. */
export function findFunction(name: string, findings: Findings): void {
  const plain = name.toLowerCase()
  for (const kind of KINDS.get(plain) ?? []) findings.add(kind, `${plain}()`)
  if (/^(xp_|sp_oa)/.test(plain)) findings.add('reachesOut', plain)
}
