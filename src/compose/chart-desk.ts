/** The gateway's words, carried out by the flows of one install whose records stand beside the host. */
import { createChartRight } from '../emr/chart-right.ts'
import { toAuditEvent } from '../fhir/audit-event.ts'
import { openFile } from '../flows/open-file.ts'
import type { World } from '../flows/ports.ts'
import { readFromChart, searchChart } from '../flows/read-chart.ts'
import { writeFromChart } from '../flows/write-from-chart.ts'
import type { ChartDesk } from '../http/api/chart-desk.ts'

export function createChartDesk(
  world: Pick<World, 'install' | 'host' | 'store' | 'now'>,
  { fhirBase }: { fhirBase: string },
): ChartDesk {
  const right = createChartRight({ baseUrl: fhirBase })
  return {
    mayOpen: (patient, proof) => right.hasRight(patient, proof),
    async noteOpened(patient, user) {
      const [entities, source] = [[], world.install]
      await world.store.create(
        toAuditEvent({ what: 'open', patient, entities, source, user, now: world.now() }),
      )
    },
    search: (type, patient, page) => searchChart(world, type, patient, page),
    read: (type, id, patient) => readFromChart(world, type, id, patient),
    openFile: (id, patient) => openFile(world, `Binary/${id}`, patient),
    write: (resource, by) => writeFromChart(world, resource as Parameters<typeof writeFromChart>[1], by),
  }
}
