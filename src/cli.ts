#!/usr/bin/env node
/** `qasid serve`, `qasid work`, `qasid manifest`. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { loadManifest } from './compose/deployment.ts'
import { startServe } from './compose/serve.ts'
import { startWork } from './compose/work.ts'
import { ConfigError, loadConfig } from './config.ts'
import { createLog } from './log.ts'

const usage = `qasid <command>

  serve      the web process: app, API, notifications, webhooks
  work       the worker process: plans, sends, records
  manifest   prints plugin.manifest.json as it is served
  demo       a sample clinic, Qasid and patients' phones on this machine

The environment is described in docs/configuration.md.`

const commands: Record<string, () => Promise<void>> = {
  serve: () => run('web', startServe),
  work: () => run('worker', startWork),
  async manifest() {
    console.log(JSON.stringify(await loadManifest(loadConfig().baseUrl), null, 2))
  },
  // The sandbox is not part of us: it runs as a process of its own.
  async demo() {
    const script = fileURLToPath(new URL('../sandbox/demo/main.ts', import.meta.url))
    const child = spawn(process.execPath, [script, ...process.argv.slice(3)], { stdio: 'inherit' })
    child.once('exit', (code) => {
      process.exitCode = code ?? 1
    })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  },
}

async function run(kind: 'web' | 'worker', start: typeof startServe): Promise<void> {
  const config = loadConfig()
  const log = createLog(config.logLevel, kind)
  const stop = await start(config, log)
  log.info(`the ${kind} process is up`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stop().then(
        () => process.exit(0),
        (cause: unknown) => {
          log.error('it did not stop cleanly', { cause })
          process.exit(1)
        },
      )
    })
}

const command = commands[process.argv[2] ?? '']
if (!command) {
  console.log(usage)
  process.exitCode = process.argv[2] ? 1 : 0
} else {
  command().catch((error: unknown) => {
    console.error(error instanceof ConfigError ? error.message : error)
    process.exit(1)
  })
}
