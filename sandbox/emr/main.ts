/**
 * The sandbox EMR as a process: reads its environment and `--like`, says where it listens, ends on SIGINT or SIGTERM.
 */
import { parseArgs } from 'node:util'
import { sampleClinic } from '../clinic/sample-clinic.ts'
import { isLikeName, type LikeName, likeNames } from './likes/index.ts'
import { startEmr } from './start-emr.ts'

const defaultSeed = 20_260

try {
  const port = readNumber('SANDBOX_EMR_PORT', 8081)
  const { like, isEmpty } = readWishes()
  const clinic = () => sampleClinic({ seed: readNumber('SANDBOX_SEED', defaultSeed), today: new Date() })
  const emr = await startEmr({
    port,
    like,
    qasidUrl: process.env.SANDBOX_QASID_URL || 'http://localhost:8080',
    phonesUrl: `http://localhost:${readNumber('SANDBOX_PHONE_PORT', 8082)}`,
    resources: isEmpty ? [] : clinic(),
  })
  console.log(`Sandbox EMR: ${emr.url}, FHIR at ${emr.fhirUrl}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emr.stop())
} catch (cause) {
  console.error(explain(cause))
  process.exitCode = 1
}

/** `--empty`: a FHIR server without a clinic, as a store beside another host is. */
function readWishes(): { like: LikeName; isEmpty: boolean } {
  const { values } = parseArgs({ options: { like: { type: 'string' }, empty: { type: 'boolean' } } })
  const name = values.like || process.env.SANDBOX_LIKE || 'full'
  if (!isLikeName(name)) throw new Error(`--like (or SANDBOX_LIKE) is one of ${likeNames.join(', ')}.`)
  return { like: name, isEmpty: values.empty ?? false }
}

function readNumber(name: string, usual: number): number {
  const text = process.env[name]
  if (!text) return usual
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number.`)
  return Number(text)
}

function explain(cause: unknown): string {
  if (!(cause instanceof Error)) return 'The sandbox EMR could not start.'
  if (!('code' in cause && cause.code === 'EADDRINUSE'))
    return `The sandbox EMR could not start: ${cause.message}`
  const port = 'port' in cause ? `${cause.port}` : 'for the EMR'
  return `Port ${port} is taken: stop what listens there, or set SANDBOX_EMR_PORT to another.`
}
