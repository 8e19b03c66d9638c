/** A clinic whose EMR orders messages: two patients who permit SMS, and what tests of the orders look at. */
import { fromCommunicationRequest } from '../../src/fhir/communication-request.ts'
import type { MessageOrder } from '../../src/flows/message-order.ts'
import { type Written, writeMessages } from '../../src/flows/write-messages.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { patient, permit, phone } from './chart.ts'

export function addPatients(world: FakeWorld): void {
  addPatient(world, 'sara', phone)
  addPatient(world, 'omar', '+971507654321')
}

/** In the chart as the clinic wrote it, with a permit for SMS. */
export function addPatient({ emr }: FakeWorld, id: string, number: string): void {
  emr.put(patient({ id, telecom: [{ system: 'phone', use: 'mobile', value: number }] }))
  emr.put(permit('sms', { patient: id, address: number }))
}

export type Differs = Partial<MessageOrder> & { to?: string[]; parameters?: Record<string, string> }

/** A text to Sara, unless it differs. */
export function orderIn({ world }: FakeWorld, differs: Differs = {}): Promise<Written> {
  const { to = ['Patient/sara'], parameters = {}, ...rest } = differs
  return writeMessages(world, {
    entries: to.map((one) => ({ to: one, parameters })),
    content: { kind: 'text', text: 'Please bring your papers.' },
    priority: 'routine',
    call: { key: 'k1', body: 'b1' },
    ...rest,
  })
}

export function requestsIn({ emr }: FakeWorld) {
  return emr.all('CommunicationRequest').map((resource) => {
    const read = fromCommunicationRequest(resource)
    if (read.kind !== 'request') throw new Error(read.because)
    return read.request
  })
}

export const reminder = {
  content: { kind: 'template', name: 'visit-reminder' },
  visit: 'Appointment/visit',
} as const
