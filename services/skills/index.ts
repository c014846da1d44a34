export type { RecordedRegistry, RegistryView, RunView } from './recorded.ts'
export { createRegistry, openRegistry, type Registry } from './registry.ts'
export type { ManifestStore } from './store/manifests.ts'
