import { createMemoryEmr } from '../fakes/emr.ts'
import { describeEmr } from './emr.ts'

describeEmr('the fake in memory', async () => {
  const emr = createMemoryEmr()
  return { emr, remove: async (reference) => emr.remove(reference), stop: async () => {} }
})
