import { createMemoryEmr } from '../fakes/emr.ts'
import { describeEmr } from './emr.ts'

describeEmr('the fake in memory', async () => {
  const emr = createMemoryEmr()
  return { emr, remove: async (reference) => void (await emr.remove(reference)), stop: async () => {} }
})
