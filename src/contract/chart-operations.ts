/** The operations of `/api/chart`, for the OpenAPI document. What FHIR says of a resource is not said again. */
import { chartRequest, chartTypes, fhirResource } from './chart.ts'
import type { Operation } from './operation.ts'

const patient = 'Patient/patient-018'
const message = {
  ...{ resourceType: 'Communication', id: '4f1c', status: 'completed' },
  subject: { reference: patient },
}
const request = {
  resourceType: 'CommunicationRequest' as const,
  identifier: [
    {
      system: 'https://qasid.dev/fhir/NamingSystem/request-key',
      value: 'manual_01JD4M0V7Q8X9Y2Z3A4B5C6D7E',
    },
  ],
  status: 'active' as const,
  medium: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode', code: 'SMSWRIT' }],
    },
  ],
  subject: { reference: patient },
  payload: [{ contentString: 'The laboratory is open from eight.' }],
  occurrenceDateTime: '2026-11-20T08:00:00Z',
}

const security = 'session' as const
const id = { name: 'id', in: 'path', required: true, about: 'Its id' } as const
const noSession = { about: 'The session is missing or over.' }
const away = { about: 'The store cannot be reached; repeat the call later.' }
const notHere = { about: 'The host keeps its records itself.' }
const noSuch = { about: 'This patient has none such, or the host keeps its records itself.' }

const query = (name: string, about: string) => ({ name, in: 'query', required: false, about }) as const
const searchable = [
  query('patient', 'The session’s own; a search is about no other'),
  query('subject', 'The same'),
  query('status', 'One, or several with commas'),
  query('_count', 'Most of one page, 200 unless told'),
  query('_sort', '`_lastUpdated`, which is how it is sorted'),
  query('page', 'As the `next` link of the page before says'),
]

const reads = chartTypes.flatMap((type): Operation[] => [
  {
    ...{ method: 'get', path: `/api/chart/${type}`, summary: `Our ${type}s of the session’s patient` },
    ...{ security, parameters: searchable },
    answers: {
      200: {
        about: 'A page of a searchset; its `next` link is relative to `/api/chart/`',
        body: {
          ...{ name: 'FhirResource', schema: fhirResource },
          example: { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: message }] },
        },
      },
      ...{ 400: { about: 'The search says something that is not answered.' }, 401: noSession, 503: away },
      ...{ 403: { about: 'The session is for another patient.' }, 404: notHere },
    },
  },
  {
    ...{ method: 'get', path: `/api/chart/${type}/{id}`, summary: `One ${type} of the session’s patient` },
    ...{ security, parameters: [id] },
    answers: {
      200: { about: 'It', body: { name: 'FhirResource', schema: fhirResource, example: message } },
      ...{ 401: noSession, 404: noSuch, 503: away },
    },
  },
])

export const chartOperations: readonly Operation[] = [
  ...reads,
  {
    ...{ method: 'get', path: '/api/chart/Binary/{id}', summary: 'A file that the patient sent, as it is' },
    ...{ security, parameters: [id] },
    answers: { 200: { about: 'Its bytes' }, 401: noSession, 404: noSuch, 503: away },
  },
  {
    ...{ method: 'post', path: '/api/chart/CommunicationRequest', summary: 'Says something to the patient' },
    security,
    request: { name: 'ChartRequest', schema: chartRequest, example: request, required: true },
    answers: {
      201: { about: 'Written', body: { name: 'FhirResource', schema: fhirResource, example: request } },
      200: {
        about: 'The same key was used before: this stands under it',
        body: { name: 'FhirResource', schema: fhirResource, example: request },
      },
      422: {
        about: 'It may not be written; an OperationOutcome says why in a sentence',
        body: { name: 'FhirResource', schema: fhirResource, example: { resourceType: 'OperationOutcome' } },
      },
      ...{ 400: { about: 'The body is not JSON.' }, 401: noSession, 404: notHere, 503: away },
      413: { about: 'The body is too large.' },
    },
  },
]
