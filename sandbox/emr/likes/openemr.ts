/**
 * OpenEMR 7: clients register themselves, visits are read with dates and `_lastUpdated`, and nothing of ours can be kept.
 * https://github.com/openemr/openemr/blob/master/API_README.md
 */
import { type Like, readable } from './like.ts'

export const openemr: Like = {
  software: { name: 'OpenEMR', version: '7.0.3' },
  types: {
    Patient: {
      interactions: ['create', 'read', 'update', 'search-type'],
      searchParams: [
        ...['_id', '_lastUpdated', 'identifier', 'name', 'family', 'given', 'birthdate', 'gender'],
        ...['email', 'phone', 'telecom', 'address', 'address-city', 'address-postalcode', 'address-state'],
      ],
    },
    Practitioner: {
      interactions: ['create', 'read', 'update', 'search-type'],
      searchParams: ['_id', '_lastUpdated', 'active', 'name', 'family', 'given', 'email', 'phone', 'telecom'],
    },
    PractitionerRole: readable('_id', '_lastUpdated', 'practitioner', 'specialty'),
    Organization: {
      interactions: ['create', 'read', 'update', 'search-type'],
      searchParams: ['_id', '_lastUpdated', 'name', 'address', 'address-city'],
    },
    Location: readable('_id', '_lastUpdated'),
    Appointment: readable('_id', '_lastUpdated', 'patient', 'date'),
    Encounter: readable('_id', '_lastUpdated', 'patient', 'date'),
    DocumentReference: readable('_id', '_lastUpdated', 'patient', 'type', 'category', 'date'),
    Binary: { interactions: ['read'], searchParams: [] },
  },
  conditional: false,
  updateCreates: 'never',
  bundles: [],
  ids: 'uuid',
  expunge: 'none',
  smart: { scopes: ['v1'], publicLevels: ['patient'], registration: 'openemr', knowsQasid: false },
  notifications: 'none',
  searchesReusedFor: 0,
  // Its calendar says neither that a visit is agreed to nor that it is not.
  bookedAs: 'proposed',
  utcOnly: true,
}
