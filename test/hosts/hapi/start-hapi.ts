/**
 * A real HAPI FHIR JPA server on a free loopback port: `HapiServer.java` in a process of its own, with an empty database
 * in memory. It watches the pipe on its standard input, so it ends even when we are killed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Hapi extends AsyncDisposable {
  /** `http://127.0.0.1:40123/fhir` */
  fhirBase: string
  /** Milliseconds until it answered for its capabilities. */
  tookFor: number
  stop(): Promise<void>
}

export interface HapiWishes {
  /** Off, it refuses to create a Subscription, as a HAPI does out of the box. */
  subscriptions?: boolean
  /** A free one when left out. */
  port?: number
}

const memory = ['-Xmx1g', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']

/** `command` is that of the `JavaProgram`. */
export async function startHapi(
  command: string[],
  { subscriptions = true, port = 0 }: HapiWishes = {},
): Promise<Hapi> {
  const began = performance.now()
  const settings = [`-Drest-hook=${subscriptions ? 'on' : 'off'}`, `-Dport=${port}`]
  const child = spawn('java', [...memory, ...settings, ...command], { stdio: ['pipe', 'pipe', 'pipe'] })
  const stop = () => end(child)
  try {
    const fhirBase = await firstLine(child)
    const answer = await fetch(`${fhirBase}/metadata`)
    if (!answer.ok) throw new Error(`HAPI answers ${answer.status} for its capabilities`)
    await answer.arrayBuffer()
    return { fhirBase, tookFor: performance.now() - began, stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('HAPI has no pipes')
  return new Promise((resolve, reject) => {
    let complaints = ''
    stderr.on('data', (text) => {
      complaints = `${complaints}${text}`.slice(-4_000)
    })
    // Read on after that, or a full pipe would stop it one day.
    createInterface(stdout).on('line', resolve)
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`HAPI ended with ${code} instead of starting: ${complaints}`)),
    )
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}
