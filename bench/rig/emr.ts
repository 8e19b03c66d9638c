/** The sandbox EMR as a process, holding a clinic without patients: all that is in it, the rig has put there. */
import { clinicResources } from '../../sandbox/clinic/places.ts'
import { startEmr } from '../../sandbox/emr/start-emr.ts'

const emr = await startEmr({
  port: Number(process.env.BENCH_EMR_PORT),
  qasidUrl: process.env.BENCH_QASID_URL ?? '',
  resources: clinicResources(),
})
console.log(`FHIR at ${emr.fhirUrl}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emr.stop())
