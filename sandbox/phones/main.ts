/** Starts the phones from the environment and stops them on Ctrl-C. */
import { createWires } from '../carriers/index.ts'
import { readPhonesEnvironment } from './environment.ts'
import { startPhones } from './start-phones.ts'

const environment = readPhonesEnvironment(process.env, createWires())
if (environment.kind === 'refused') {
  console.error(environment.because)
  process.exit(1)
}

try {
  const phones = await startPhones(environment.options)
  console.log(`Patients' phones: ${phones.url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void phones.stop())
} catch (error) {
  console.error(error instanceof Error ? error.message : 'The phones could not start.')
  process.exit(1)
}
