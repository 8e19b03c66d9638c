/**
 * Oracle Health (Millennium): appointments by patient, practitioner or location and date; messages only among staff.
 * https://docs.oracle.com/en/industries/health/millennium-platform-apis/mfrap/r4_overview.html
 */
import { type Like, readable } from './like.ts'

export const oracle: Like = {
  software: { name: 'Oracle Health Millennium FHIR', version: '2026.10' },
  types: {
    Patient: {
      ...readable('_id', 'identifier', 'birthdate', 'family', 'given', 'name', 'gender', 'phone', 'email'),
      searchNeeds: [['_id'], ['identifier'], ['family'], ['name'], ['phone'], ['email']],
    },
    Practitioner: readable('_id', 'identifier', 'name', 'family', 'given'),
    Organization: readable('_id', 'identifier', 'name'),
    Location: readable('_id', 'identifier', 'name'),
    // Never all of a day: whose or where must be said. A visit is changed by JSON Patch.
    Appointment: {
      interactions: ['read', 'search-type', 'patch'],
      searchParams: ['_id', 'date', 'patient', 'practitioner', 'location', 'status'],
      searchNeeds: [['_id'], ['patient', 'date'], ['practitioner', 'date'], ['location', 'date']],
    },
    Encounter: { ...readable('_id', 'patient', 'date'), searchNeeds: [['_id'], ['patient']] },
    Consent: { ...readable('_id', 'patient', 'status'), searchNeeds: [['_id'], ['patient']] },
    // The inbox of staff: no message for a patient can be kept here.
    Communication: {
      interactions: ['create', 'read', 'search-type', 'patch'],
      searchParams: ['_id', 'recipient', 'received', 'category'],
      searchNeeds: [['_id'], ['recipient']],
      recipients: ['Practitioner', 'Group'],
    },
    DocumentReference: {
      interactions: ['create', 'read', 'search-type'],
      searchParams: ['_id', 'patient', 'category', 'date', 'type'],
      searchNeeds: [['_id'], ['patient']],
    },
    Binary: { interactions: ['read'], searchParams: [] },
  },
  conditional: false,
  updateCreates: 'never',
  bundles: [],
  ids: 'number',
  expunge: 'none',
  smart: { scopes: ['v1', 'v2'], publicLevels: ['patient', 'user'], registration: 'form', knowsQasid: true },
  notifications: 'none',
  searchesReusedFor: 0,
  bookedAs: 'booked',
  utcOnly: false,
}
