/** The service that Restate calls: three durable steps. */
import * as restate from '@restatedev/restate-sdk'

const service = restate.service({
  name: 'bench',
  handlers: {
    async threeSteps(context, count) {
      const first = await context.run('first', () => count + 1)
      const second = await context.run('second', () => first + 1)
      return context.run('third', () => second + 1)
    },
  },
})
restate.serve({ services: [service], port: Number(process.env.PORT) })
