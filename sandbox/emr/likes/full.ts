/** A host that can do all that R4 and SMART offer: the default. */
import { resourceTypes } from '../search-parameters.ts'
import { fully, type Like } from './like.ts'

export const full: Like = {
  software: { name: 'Qasid sandbox EMR', version: '1' },
  types: fully(resourceTypes),
  conditional: true,
  updateCreates: 'any-id',
  bundles: ['batch', 'transaction'],
  ids: 'uuid',
  expunge: 'versions',
  smart: {
    scopes: ['v1', 'v2'],
    publicLevels: ['patient', 'user'],
    registration: 'rfc7591',
    knowsQasid: true,
  },
  notifications: 'r4',
  searchesReusedFor: 0,
  bookedAs: 'booked',
  utcOnly: false,
}
