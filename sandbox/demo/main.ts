/** `npm run demo`: a sample clinic's EMR, Qasid and patients' phones on this machine, until Ctrl-C. */
import { startDemo } from './start-demo.ts'

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort())

try {
  const demo = await startDemo({
    env: process.env,
    args: process.argv.slice(2),
    say: console.log,
    signal: interrupted.signal,
  })
  const because = await Promise.race([demo.fell, whenInterrupted()])
  if (because) {
    console.error(because)
    process.exitCode = 1
  }
  await demo.stop()
  console.log('Everything is stopped.')
} catch (error) {
  // What had begun is ended by now, also when it was interrupted before it was ready.
  if (interrupted.signal.aborted) console.log('Everything is stopped.')
  else {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

function whenInterrupted(): Promise<undefined> {
  return new Promise((resolve) => {
    if (interrupted.signal.aborted) resolve(undefined)
    interrupted.signal.addEventListener('abort', () => resolve(undefined))
  })
}
