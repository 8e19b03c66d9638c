/** The sandbox EMR with a clinic whose reminders of the coming year are all planned: `BENCH_FUTURE` of them. */
import type { CommunicationRequest } from 'fhir/r4'
import { sampleClinic } from '../../sandbox/clinic/sample-clinic.ts'
import { startEmr } from '../../sandbox/emr/start-emr.ts'
import { after, day, hour, instant } from '../../src/domain/time.ts'
import { templateUrl } from '../../src/fhir/codes.ts'
import { toCommunicationRequest } from '../../src/fhir/communication-request.ts'

const count = Number(process.env.BENCH_FUTURE ?? 100_000)
const now = instant(Date.now())

const emr = await startEmr({
  port: Number(process.env.SANDBOX_EMR_PORT),
  qasidUrl: process.env.SANDBOX_QASID_URL ?? '',
  resources: [
    ...sampleClinic({ seed: 20_260, today: new Date() }),
    ...Array.from({ length: count }, (_, index) => reminder(index)),
  ],
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emr.stop())

/** Of visits further ahead than any sweep looks: what is measured is that they lie there, not that they are planned anew. */
function reminder(index: number): CommunicationRequest {
  const dueAt = after(now, 800 * day + (index / count) * 300 * day)
  const start = after(dueAt, 48 * hour)
  const request = toCommunicationRequest({
    ...{ key: `future-${index}_20270101T080000Z_48h_p`, status: 'active', category: 'reminder' },
    ...{ priority: 'routine', patient: `Patient/future-${index}`, recipient: `Patient/future-${index}` },
    ...{ visit: `Appointment/future-${index}`, plan: ['whatsapp', 'sms', 'email'], dueAt },
    window: { from: dueAt, until: start },
    content: {
      kind: 'template',
      template: `${templateUrl('visit-reminder')}|1`,
      parameters: { clinic: 'Sample Clinic', start: new Date(start).toISOString(), zone: 'Asia/Dubai' },
    },
    ...{ replyOptions: ['confirm', 'cancel'], forbidden: false },
  })
  return { ...request, id: `future-${index}` }
}
