/** The conversation that a message stands in: one header per organisation and patient, made when first needed. */
import type { Reference } from '../domain/message-request.ts'
import { referenceTo } from '../fhir/reference.ts'
import { threadIdentifier, toThread } from '../fhir/thread.ts'
import type { World } from './ports.ts'

export async function findThread(world: World, patient: Reference): Promise<Reference | undefined> {
  const { organization } = await world.clinic.settings()
  const { system, value } = threadIdentifier(organization, patient)
  const [header] = await world.store.search('Communication', { identifier: `${system}|${value}` })
  return header && referenceTo(header)
}

export async function ensureThread(world: World, patient: Reference): Promise<Reference> {
  const { organization } = await world.clinic.settings()
  const { resource } = await world.store.create(
    toThread(organization, patient),
    threadIdentifier(organization, patient),
  )
  return referenceTo(resource)
}
