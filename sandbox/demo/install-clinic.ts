/** The sample clinic becomes an install by the command that every admin has. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LikeName } from '../emr/likes/index.ts'
import { clinicFile, type DemoClinic } from './demo-clinic.ts'
import { demoHosts } from './demo-hosts.ts'

const script = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

/** Throws with what the command said. */
export async function installClinic(wishes: {
  env: Record<string, string | undefined>
  clinic: DemoClinic
  options: { quietHours: boolean; like: LikeName }
  place: { dataDir: string }
}): Promise<void> {
  const { clinic, options, place, env } = wishes
  const { ports } = clinic
  const { args, hasStore } = demoHosts[options.like]
  const file = join(place.dataDir, 'clinic.json')
  await writeFile(file, JSON.stringify(clinicFile(clinic, { ...options, now: new Date() }), null, 2))
  const store = hasStore ? ['--store', `http://localhost:${ports.store}/fhir`] : []
  const command = ['install', `http://localhost:${ports.emr}/fhir`, '--with', file, ...store, ...args]
  const { code, said } = await run([script, ...command], env)
  if (code !== 0) throw new Error(`The sample clinic could not be installed:\n${said}`)
}

function run(
  args: string[],
  env: Record<string, string | undefined>,
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said += text
    })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })))
}
