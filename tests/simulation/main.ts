import { plantBug } from './plants/plant-bug.ts'

// Before anything of ours is read.
const plant = plantBug(process.env.AZORA_SIM_PLANT)
const { run } = await import('./run.ts')
await run(process.argv.slice(2), plant)
