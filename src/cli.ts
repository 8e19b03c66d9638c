#!/usr/bin/env node
/** `qasid install`, `doctor`, `uninstall`, `serve`, `work`, `manifest`, `seal`, `keys`, `pipe`, `demo`; and, for an EMR's own scripts, what the API does. */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { openKeys, runKeys } from './compose/commands/keys.ts'
import { openInstall } from './compose/commands/open-install.ts'
import { pipeMail } from './compose/commands/pipe-mail.ts'
import { type CommandName, commandNames, runCommand } from './compose/commands/run-command.ts'
import { installingNames, runInstalling } from './compose/commands/run-installing.ts'
import { sayCommand } from './compose/commands/usage.ts'
import { findFaults, loadManifest } from './compose/deployment.ts'
import { followInstalls } from './compose/follow-installs.ts'
import { sealSecret } from './compose/seal-secret.ts'
import { startServe } from './compose/serve.ts'
import { stopOnSignals } from './compose/stop-on-signals.ts'
import { startWork } from './compose/work.ts'
import { ConfigError, loadConfig, loadKey } from './config.ts'
import { createLog } from './log.ts'

const usage = `qasid <command>

  serve      the web process: app, API, notifications, webhooks
  work       the worker process: plans, sends, records
  manifest   prints plugin.manifest.json as it is served
  seal       reads a secret from standard input, prints it as an install file may hold it
  install    <fhir base> --with clinic.json [--id …] [--store <fhir base>] [--write-back] [--dialect …]
             [--client-id … --app-client-id …] [--client-secret-env NAME] [--token-env NAME] [--no-profiles]
             [--search-parameters] [--json]: makes an EMR an install, and says what of it works there, and how;
             safe to run again. --store-dialect, --store-client-id, --store-client-secret-env and --store-token-env
             are the same of the store. Ends with 0 ready, 1 not ready, 3 type in the list that it printed
  doctor     [--install id] [--json]: the same questions again, nothing made anew; also Redis, keys, Subscriptions
  uninstall  <install> --yes [--token-env NAME] [--store-token-env NAME] [--json]: takes back what install made
  keys       [rotate [--at-once]] [--public] [--install id] [--json]: the keys that we sign with at each EMR, their
             ages; rotate brings in the next ones, --public prints what an EMR is given by hand
  pipe       --secret-file path https://…/webhooks/{install}/{sender}, for a mail server: signs the mail on
             standard input and hands it over; ends with 0 taken, 75 try again, 65 refused for good
  demo       a sample clinic, Qasid and patients' phones on this machine

  send       --to Patient/… [--to …] (--template name [--set name=value]… | --text … | --file …)
             [--channel whatsapp]… [--at …] [--until …] [--priority urgent] [--category conversation]
             [--visit Appointment/…] [--key …]
             --to - and --text - read standard input, so that no list of processes shows them
  bulk       rows.csv | rows.jsonl, one message per row: the column to, the others are values; options as send
  status     id: what became of a message
  retry      id [--until …]: tries a failed message once more
  senders    what there is to send through, and how it is
  test       sender: asks its provider now; one that is set up right sends again
  templates  what there is to send, its values, and what companies said of it
  retention  [--dry-run]: removes what was said longer ago than the clinic keeps it, as the worker does by itself
  forget     --patient Patient/… (--dry-run | --yes): removes what was said with one patient, now
  sweep      looks through the EMR's schedule now, rather than at its next time
             all ten: [--install id] [--json]; they end with 0 done, 1 not possible, 2 wrong usage

  help       this page

The environment is described in docs/configuration.md, installing in docs/installing.md.`

const commands: Record<string, () => Promise<void>> = {
  serve: () => run('web', startServe),
  work: () => run('worker', startWork),
  async manifest() {
    console.log(JSON.stringify(await loadManifest(loadConfig().baseUrl), null, 2))
  },
  async seal() {
    const sealed = await sealSecret({ key: loadKey() }, process.stdin)
    if (sealed) return console.log(sealed)
    console.error('There is nothing to seal: give the secret on standard input.')
    process.exitCode = 1
  },
  async keys() {
    process.exitCode = await runKeys(process.argv.slice(3), {
      open: openKeys,
      out: (line) => console.log(line),
      err: (line) => console.error(line),
    })
  },
  async pipe() {
    process.exitCode = await pipeMail(process.argv.slice(3), {
      mail: process.stdin,
      readText: (path) => readFile(path, 'utf8'),
      err: (line) => console.error(line),
    })
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
  ...Object.fromEntries(
    installingNames.map((name) => [
      name,
      async () => {
        const out = (line: string) => console.log(line)
        const err = (line: string) => console.error(line)
        const open = () => ({
          config: loadConfig(),
          readText: (path: string) => readFile(path, 'utf8'),
          out,
          err,
        })
        process.exit(await runInstalling(name, process.argv.slice(3), open, err))
      },
    ]),
  ),
  ...Object.fromEntries(commandNames.map((name) => [name, () => runHere(name)])),
}

/** What the API does, without the web process. */
async function runHere(name: CommandName): Promise<void> {
  const code = await runCommand(name, process.argv.slice(3), {
    openInstall,
    readText: (path) => readFile(path, 'utf8'),
    readInput: () => text(process.stdin),
    out: (line) => console.log(line),
    err: (line) => console.error(line),
  })
  // Connections that are kept open for the next call would hold the process up.
  process.exit(code)
}

async function run(kind: 'web' | 'worker', start: typeof startServe): Promise<void> {
  const config = loadConfig()
  const log = createLog(config.logLevel, kind)
  const stop = await followInstalls({
    config,
    log,
    start: () => start(config, log),
    faults: () => findFaults(config),
  })
  log.info(`the ${kind} process is up`)
  stopOnSignals(process, stop, (failure) => {
    if (failure) log.error('it did not stop cleanly', failure)
    process.exit(failure ? 1 : 0)
  })
}

const [name = '', ...rest] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (name === 'help' || [name, ...rest].some((one) => one === '--help' || one === '-h')) {
  console.log(usage)
} else if (!command) {
  console.error(name ? sayCommand(name, [...Object.keys(commands), 'help']) : usage)
  process.exitCode = 2
} else {
  command().catch((error: unknown) => {
    console.error(error instanceof ConfigError ? error.message : error)
    process.exit(1)
  })
}
