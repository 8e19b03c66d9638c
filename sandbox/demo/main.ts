/** `npm run demo`: a sample clinic's EMR, Qasid and patients' phones on this machine, until Ctrl-C. */
import { startDemo } from './start-demo.ts'

try {
  const demo = await startDemo({ env: process.env, args: process.argv.slice(2), say: console.log })
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= demo.stop().then(() => console.log('Everything is stopped.'))
    return stopping
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop())
  void demo.fell.then(async (because) => {
    console.error(because)
    process.exitCode = 1
    await stop()
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
