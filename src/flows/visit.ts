/** The visit as the host holds it now, with the place and practitioner it names. */
import type { Appointment, FhirResource } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import type { ClinicSettings } from '../domain/settings.ts'
import type { Visit } from '../domain/visit.ts'
import { fromAppointment } from '../fhir/appointment.ts'
import { fromReference, idOf } from '../fhir/reference.ts'
import { type Emr, EmrError } from './ports.ts'

export async function readVisit(
  host: Emr,
  reference: Reference,
  settings: Pick<ClinicSettings, 'zone' | 'zones'>,
): Promise<Visit | 'missing'> {
  const appointment = await host.read('Appointment', idOf(reference))
  return appointment ? readAround(host, appointment, settings) : 'missing'
}

/** The visit that an Appointment describes, whether or not the host holds it already. */
export async function readAround(
  host: Emr,
  appointment: Appointment,
  settings: Pick<ClinicSettings, 'zone' | 'zones'>,
): Promise<Visit> {
  const actors = (appointment.participant ?? []).map((one) => fromReference(one.actor) ?? '')
  const around = await Promise.all([
    ...actors
      .filter((one) => one.startsWith('Location/'))
      .map((one) => ifAllowed(host.read('Location', idOf(one)))),
    ...actors
      .filter((one) => one.startsWith('Practitioner/'))
      .map((one) => ifAllowed(host.read('Practitioner', idOf(one)))),
  ])
  const found = around.filter((one) => one !== undefined) satisfies FhirResource[]
  return fromAppointment(appointment, found, settings)
}

/** A host that does not let us read places or practitioners makes a reminder poorer, not impossible. */
async function ifAllowed<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read
  } catch (error) {
    if (error instanceof EmrError && error.status === 403) return undefined
    throw error
  }
}
