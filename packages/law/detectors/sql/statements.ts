/** Statements that leave the database as it is; what is allowed in a read-only transaction of PostgreSQL, and less. */
export const READS = new Set([
  ...[
    'SelectStmt',
    'VariableShowStmt',
    'TransactionStmt',
    'DeclareCursorStmt',
    'FetchStmt',
    'ClosePortalStmt',
    'RawStmt',
  ],
  ...[
    'DeallocateStmt',
    'ListenStmt',
    'UnlistenStmt',
    'DiscardStmt',
    'ConstraintsSetStmt',
    'ReturnStmt',
    'PLAssignStmt',
  ],
])

export const GRANTS = new Set([
  ...[
    'GrantStmt',
    'GrantRoleStmt',
    'AlterDefaultPrivilegesStmt',
    'CreateRoleStmt',
    'AlterRoleStmt',
    'AlterRoleSetStmt',
  ],
  ...[
    'AlterOwnerStmt',
    'ReassignOwnedStmt',
    'CreatePolicyStmt',
    'AlterPolicyStmt',
    'SecLabelStmt',
    'CreateUserMappingStmt',
  ],
  ...['DropRoleStmt', 'AlterSystemStmt', 'AlterUserMappingStmt', 'DropUserMappingStmt'],
])

export const REACHES_OUT = new Set([
  ...[
    'LoadStmt',
    'CreateFdwStmt',
    'AlterFdwStmt',
    'CreateForeignServerStmt',
    'AlterForeignServerStmt',
    'CreateForeignTableStmt',
  ],
  ...[
    'ImportForeignSchemaStmt',
    'CreateUserMappingStmt',
    'CreatePLangStmt',
    'CreateSubscriptionStmt',
    'AlterSubscriptionStmt',
  ],
])

export const DESTROYS = new Set(['DropdbStmt', 'DropOwnedStmt', 'DropTableSpaceStmt', 'DropRoleStmt'])

/** Extensions by which a database reaches files, programs or other servers. */
export const OUTWARD_EXTENSION =
  /^(dblink|.*_fdw|file_fdw|http|pg_net|plsh|pl(python|perl|tcl|r|lua|java)\w*u?|adminpack|aws_s3|aws_lambda|pg_cron|lo|azure_storage)$/i
export const OUTWARD_LANGUAGE = /^(c|internal|plsh|\w+u|plr|pljava)$/i
