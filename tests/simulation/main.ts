import { plantBug } from './plants/plant-bug.ts'

// Before anything of ours is read.
plantBug(process.env.AZORA_SIM_PLANT)
const { run } = await import('./run.ts')
await run(process.argv.slice(2), process.env.AZORA_SIM_STOP === '1')
