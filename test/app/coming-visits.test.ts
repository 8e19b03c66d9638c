/** Hosts that search visits less well than others still show them. */
import type { Appointment, FhirResource } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { createChartReader } from '../../smart-app/src/chart/chart-reader.ts'
import { type FhirHost, HostError } from '../../smart-app/src/chart/fhir-host.ts'
import { day, toIso } from '../../src/domain/time.ts'
import { ago, now, patient } from './chart-sample.ts'

const at = (id: string, start: ReturnType<typeof ago>): Appointment => ({
  ...{ resourceType: 'Appointment', id, status: 'booked', start: toIso(start) },
  participant: [{ actor: { reference: patient }, status: 'accepted' }],
})

function readerOf(refuses: (parameters: Record<string, string>) => number | undefined) {
  const asked: string[][] = []
  const host = {
    read: async () => undefined,
    async search<T extends FhirResource>(_type: T['resourceType'], parameters: Record<string, string>) {
      asked.push(Object.keys(parameters))
      const status = refuses(parameters)
      if (status) throw new HostError('refused', status)
      return [
        at('later', ago(-2 * day)),
        at('soon', ago(-day)),
        at('past', ago(day)),
      ] as FhirResource[] as T[]
    },
  } as unknown as FhirHost
  const clinic = { zones: {}, noConsent: 'block' as const, senders: [] }
  return { asked, reader: createChartReader({ host, patient, clinic, mayReadPlaces: false }) }
}

describe('coming visits', () => {
  it.each([
    ['all that is asked', () => undefined, 1],
    ['no order', (asked: Record<string, string>) => ('_sort' in asked ? 400 : undefined), 2],
    ['no date', (asked: Record<string, string>) => ('date' in asked ? 400 : undefined), 3],
  ])('are those to come, in their order, of a host that takes %s', async (_what, refuses, questions) => {
    const { reader, asked } = readerOf(refuses)
    expect((await reader.comingVisits(now)).map(({ reference }) => reference)).toEqual([
      'Appointment/soon',
      'Appointment/later',
    ])
    expect(asked).toHaveLength(questions)
  })

  it('are not asked for again of a host that forbids them', async () => {
    const { reader, asked } = readerOf(() => 403)
    await expect(reader.comingVisits(now)).rejects.toThrow('refused')
    expect(asked).toHaveLength(1)
  })
})
