import type { Context } from './machine.ts'

/** Sets `$1`, `$2`, … and `$@`. */
export function setPositional(variables: Context['variables'], args: readonly string[]): void {
  variables.set('@', args)
  variables.set('*', args)
  for (let at = 1; at <= 9; at += 1) variables.set(String(at), [args[at - 1] ?? ''])
}
