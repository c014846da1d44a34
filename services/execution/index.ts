export { type AgentHost, createAgentHost } from './agent-host/host.ts'
export { createOwnAgents, type OwnAgents } from './agent-host/own.ts'
export { inTime, type Pace } from './artifacts/in-time.ts'
export { openArtifactStore } from './artifacts/open.ts'
export type { ArtifactStore } from './artifacts/port.ts'
export { artifactsIn } from './artifacts/references.ts'
export { createUploads, type Uploads } from './artifacts/uploads.ts'
export { fetchCodeFrom } from './code/fetch.ts'
export type { CodeSource, FindCode } from './code/find.ts'
export { openFindCode } from './code/open.ts'
export { type CodeStore, openCodeStore } from './code/store.ts'
export { type Catalog, describeCatalog } from './describe-catalog.ts'
export {
  createDispatcher,
  type Dispatcher,
  type PerformResult,
  type Refusal,
  type Slot,
} from './dispatch/dispatcher.ts'
export { createLeasing, type Lender } from './dispatch/leasing.ts'
export { createPureDriver } from './driver/pure.ts'
export { createIsolation } from './isolation/bubblewrap.ts'
export { chooseIsolation, type IsolationMode } from './isolation/choose.ts'
export type { Isolation, LaunchSpec, Sandboxed } from './isolation/port.ts'
export type { CarryOut } from './node/carry-out.ts'
export type { ClientCertificate } from './node/control-plane.ts'
export { type FetchArtifact, fetchFromControlPlane } from './node/fetch-artifact.ts'
export { type KeepArtifact, keepAtControlPlane } from './node/keep.ts'
export { createNode, type ExecutionNode } from './node/node.ts'
export { requestsIn } from './node/perform-message.ts'
export { createPermitCheck } from './node/permit.ts'
export { createSession } from './node/session.ts'
export { createSpentProofs } from './node/spent-proofs.ts'
export { createWarmPool } from './node/warm-pool.ts'
