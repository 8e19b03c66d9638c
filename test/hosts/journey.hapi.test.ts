/** A visit's whole story on a real HAPI: with Subscriptions, without them, and as the store beside another host. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { startEmr } from '../../sandbox/emr/start-emr.ts'
import { provideRedis } from '../../sandbox/provide/redis.ts'
import { Unwinding } from '../../src/compose/unwinding.ts'
import { withHostReferences } from '../../src/fhir/reference.ts'
import { startHapi } from './hapi/start-hapi.ts'
import { finalState, writtenTypes } from './journey/final-state.ts'
import { journeyOn } from './journey/journey.ts'
import { type OpenClinic, openClinic } from './journey/open-clinic.ts'
import { put, putAll, readAll } from './journey/records-at.ts'
import { samplePeople } from './journey/sample-people.ts'
import { type Hl7Issue, unexplained, validateWithHl7 } from './validator/validate-with-hl7.ts'

const hapi = inject('hapi')
const validator = inject('validator')
const lacking = [hapi, validator].flatMap((one) => (one.kind === 'lacking' ? [one.because] : []))
const why = lacking.length > 0 ? ` (skipped: ${lacking.join('; ')})` : ''
const people = samplePeople(new Date())

interface Run {
  report: OpenClinic['report']
  state: string[]
  subscriptions: string[]
}

/** Its versions are kept as files before the server is gone. */
async function run(
  name: string,
  folder: string,
  redisUrl: string,
  { subscriptions, beside }: { subscriptions: boolean; beside?: 'openemr' },
): Promise<Run> {
  const opened = new Unwinding()
  if (hapi.kind === 'lacking') throw new Error(hapi.because)
  try {
    const { fhirBase } = opened.add(await startHapi(hapi.command, { subscriptions }), (one) => one.stop())
    let write = (visit: Parameters<typeof put>[1]) => put(fhirBase, visit)
    const clinic = opened.add(
      await openClinic({
        redisUrl,
        ...(beside && { store: fhirBase }),
        async host(qasidUrl) {
          if (!beside) {
            await putAll(fhirBase, [...people.clinic, ...people.consents])
            return fhirBase
          }
          const emr = opened.add(
            await startEmr({ port: 0, qasidUrl, like: beside, resources: people.clinic }),
            (one) => one.stop(),
          )
          write = (visit) => put(`${emr.url}/sandbox/records`, visit)
          await putAll(
            fhirBase,
            people.consents.map((one) => withHostReferences(one, emr.fhirUrl)),
          )
          return emr.fhirUrl
        },
      }),
      (one) => one.stop(),
    )
    try {
      await journeyOn({ clinic, people, write: (visit) => write(visit) })
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}\n${clinic.logged().join('\n')}`, {
        cause: error,
      })
    }
    await keepVersions(fhirBase, name, folder)
    const told = await readAll(fhirBase, 'Subscription')
    return {
      report: clinic.report,
      state: await finalState(fhirBase),
      subscriptions: told.map(({ status, criteria }) => `${criteria} ${status}`).sort(),
    }
  } finally {
    await opened.unwind()
  }
}

/** What was only tried at the install, and taken away again, too. */
async function keepVersions(fhirBase: string, name: string, folder: string): Promise<void> {
  for (const type of writtenTypes)
    for (const one of await readAll(fhirBase, type, 'history')) {
      const file = `${name}-${type}-${one.id}-${one.meta?.versionId}.json`
      await writeFile(join(folder, file), JSON.stringify(one))
    }
}

describe.skipIf(lacking.length > 0)(`the journey on HAPI${why}`, () => {
  const opened = new Unwinding()
  const runs: Record<string, Promise<Run>> = {}
  let folder: string
  beforeAll(async () => {
    const written = await mkdtemp(join(tmpdir(), 'qasid-written-'))
    folder = opened.add(written, (one) => rm(one, { recursive: true }))
    const redis = opened.add(await provideRedis({ env: process.env }), (one) => one.stop())
    runs.told = run('told', folder, redis.url, { subscriptions: true })
    runs.asked = run('asked', folder, redis.url, { subscriptions: false })
    runs.beside = run('beside', folder, redis.url, { subscriptions: true, beside: 'openemr' })
    await Promise.allSettled(Object.values(runs))
  })
  afterAll(() => opened.unwind())

  it('passes where the host tells us of changes', async () => {
    const { report, subscriptions } = (await runs.told) as Run
    expect(report).toMatchObject({ kind: 'full', against: [] })
    expect(subscriptions.every((one) => one.endsWith(' active'))).toBe(true)
  })

  it('passes where the host leaves Subscriptions off, with the same final state', async () => {
    const [told, asked] = (await Promise.all([runs.told, runs.asked])) as [Run, Run]
    expect(asked.report).toMatchObject({ kind: 'full', against: [] })
    expect(asked.subscriptions.some((one) => one.endsWith(' active'))).toBe(false)
    expect(asked.state).toEqual(told.state)
  })

  it('passes with HAPI as the store beside a host that keeps nothing of ours', async () => {
    const [told, beside] = (await Promise.all([runs.told, runs.beside])) as [Run, Run]
    expect(beside.report).toMatchObject({ kind: 'sidecar', against: [] })
    expect(beside.state).toEqual(told.state)
  })

  it('leaves nothing in which HL7 finds a fault, in any version', async () => {
    await Promise.all(Object.values(runs))
    const issues: Hl7Issue[] =
      validator.kind === 'ready' ? await validateWithHl7(validator.command, folder) : []
    expect(unexplained(issues)).toEqual([])
  }, 300_000)
})
