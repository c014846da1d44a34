import type { Scope } from '@azora/contracts'
import { printable } from './style.ts'

/** What a run may touch. */
export function scopeText({ write, read, hosts, secrets = [] }: Scope): string {
  const parts = [
    ...write.map((path) => `write ${path}`),
    ...read.map((path) => `read ${path}`),
    ...hosts.map((name) => `reach ${name}`),
    ...secrets.map((name) => `lease ${name}`),
  ]
  return parts.length === 0 ? 'nothing outside its workspace' : printable(parts.join(', '))
}
