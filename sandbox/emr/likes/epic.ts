/**
 * Epic: read-mostly, one patient at a time, no Subscriptions; clients are typed into its form.
 * https://fhir.epic.com/Specifications
 */
import { type Like, readable } from './like.ts'

export const epic: Like = {
  software: { name: 'Epic', version: 'May 2026' },
  types: {
    // All patients at once are never listed.
    Patient: {
      ...readable('_id', 'identifier', 'family', 'given', 'name', 'birthdate', 'gender', 'telecom'),
      searchNeeds: [['_id'], ['identifier'], ['family'], ['name'], ['telecom']],
    },
    Practitioner: readable('_id', 'identifier', 'family', 'given', 'name'),
    PractitionerRole: readable('_id', 'practitioner', 'organization', 'location', 'specialty'),
    Organization: readable('_id', 'identifier'),
    Location: readable('_id', 'identifier', 'name'),
    // Neither date nor status nor _lastUpdated: what changed is found by asking patient by patient.
    Appointment: { ...readable('_id', 'patient'), searchNeeds: [['_id'], ['patient']] },
    Encounter: { ...readable('_id', 'patient', 'date'), searchNeeds: [['_id'], ['patient']] },
    Consent: { ...readable('_id', 'patient', 'status', 'category'), searchNeeds: [['_id'], ['patient']] },
    // What happens with one is the hospital's own affair; it is never changed.
    Communication: {
      interactions: ['create', 'read', 'search-type'],
      searchParams: ['_id', 'patient', 'subject'],
      searchNeeds: [['_id'], ['patient'], ['subject']],
    },
    // Work for staff is made in Epic itself.
    Task: { ...readable('_id', 'patient', 'status'), searchNeeds: [['_id'], ['patient']] },
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
  ids: 'uuid',
  expunge: 'none',
  smart: { scopes: ['v1', 'v2'], publicLevels: ['patient', 'user'], registration: 'form', knowsQasid: true },
  notifications: 'none',
  searchesReusedFor: 0,
  bookedAs: 'booked',
  utcOnly: false,
}
