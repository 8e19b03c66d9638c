/**
 * Medplum: a whole FHIR server whose clients are resources of its own, written by an admin.
 * https://www.medplum.com/docs/auth/methods/client-credentials
 */
import { medplumTypes, resourceTypes } from '../search-parameters.ts'
import { fully, type Like } from './like.ts'

export const medplum: Like = {
  software: { name: 'medplum', version: '5.0.2' },
  // A parameter that it does not know is refused with 400.
  types: fully([...resourceTypes, ...medplumTypes]),
  conditional: true,
  updateCreates: 'never',
  bundles: ['batch', 'transaction'],
  ids: 'uuid',
  // Its own operation: for admins, and for good.
  expunge: 'whole',
  smart: {
    scopes: ['v1', 'v2'],
    publicLevels: ['patient', 'user'],
    registration: 'application',
    knowsQasid: false,
  },
  notifications: 'medplum',
  searchesReusedFor: 0,
  bookedAs: 'booked',
  utcOnly: false,
}
