export type { RecordedRegistry, RegistryView } from './recorded.ts'
export { createRegistry, type Registry } from './registry.ts'
