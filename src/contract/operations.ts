/** Every operation of `/api`: what it takes and answers, with an example of each. The OpenAPI document is made from it. */
import { z } from 'zod'
import { launchClient, nudge, session, sessionRequest } from './api.ts'
import { chartOperations } from './chart-operations.ts'
import {
  type MessageOrder,
  type MessageStatus,
  messageOrder,
  messageStatus,
  type OrderedMessages,
  orderedMessages,
  type RefusedOrder,
  type RetriedMessage,
  refusedOrder,
  retriedMessage,
  retryOrder,
  type SenderState,
  type SenderTest,
  senderStates,
  senderTest,
  type TemplateStates,
  templateStates,
} from './messages.ts'
import type { Operation } from './operation.ts'
import { reportOperations } from './report.ts'

const at = '2026-11-20T08:00:00Z'
const patient = 'Patient/patient-018'
const id = '4f1c'

const order: MessageOrder = {
  to: [patient, '+15005550011'],
  template: 'visit-reminder',
  visit: 'Appointment/visit-7',
  priority: 'routine',
  key: 'night-run-2026-11-20',
}
const written: OrderedMessages = { messages: [{ id, to: patient, status: 'active' }] }
const refused: RefusedOrder = {
  error: 'Nothing was written: 1 of 2 recipients are refused.',
  refused: [{ to: 2, reason: 'not-a-mobile', error: 'The number is a landline and cannot receive this.' }],
}
const status: MessageStatus = {
  ...{ id, status: 'completed', sentence: 'It has arrived.', dueAt: at, until: '2026-11-22T08:00:00Z' },
  channels: ['whatsapp', 'sms'],
  attempts: [
    {
      ...{ id: '9a02', channel: 'sms', sender: 'sms', provider: 'a-company', state: 'delivered' },
      ...{ at, sentAt: at, deliveredAt: at, segments: 2, cost: { amount: '0.0150', currency: 'USD' } },
    },
  ],
}
const retried: RetriedMessage = { id, to: patient, status: 'active', round: 1 }
const sender: SenderState = {
  ...{ id: 'sms', channel: 'sms', provider: 'a-company', address: '+15550100002', health: 1, weight: 1 },
  carries: {
    ...{ longestText: 1_600, files: [], reactions: false, quotes: false },
    ...{ templates: 'none', receipts: true, answers: true },
  },
}
const template: TemplateStates[number] = {
  ...{ name: 'visit-reminder', version: '1', title: 'Visit reminder that asks for an answer' },
  ...{ channels: ['sms', 'whatsapp'], languages: ['en', 'ar'], asksForVisit: true },
  values: { required: ['start'], optional: ['zone', 'place', 'practitioner'] },
  approvals: [
    {
      ...{ sender: 'whatsapp', name: 'visit_reminder_1_full', language: 'ar', status: 'rejected' },
      ...{ category: 'UTILITY', because: 'INVALID_FORMAT', at },
    },
  ],
}
const tested: SenderTest = {
  ...{ ok: false, code: 'unauthorized' },
  sentence:
    'The provider refuses the settings of the sender sms (unauthorized): correct its credentials or address.',
}

const messageId = { name: 'id', in: 'path', required: true, about: 'Of the CommunicationRequest' } as const
const noKey = { about: 'The API key is missing or wrong.' }
const noSuch = { about: 'There is no such message.' }
const away = { about: 'The EMR or the store cannot be reached; repeat the call later.' }

const forScripts: Operation[] = [
  {
    ...{ method: 'post', path: '/api/messages', summary: 'Says one thing to one patient or many' },
    security: 'api-key',
    parameters: [
      { name: 'Idempotency-Key', in: 'header', required: false, about: 'In place of the field key' },
    ],
    request: { name: 'MessageOrder', schema: messageOrder, example: order, required: true },
    answers: {
      201: { about: 'Written', body: { name: 'OrderedMessages', schema: orderedMessages, example: written } },
      200: {
        about: 'The same key was used before, with the same body: these are its messages',
        body: { name: 'OrderedMessages', schema: orderedMessages, example: written },
      },
      400: { about: 'The body is not a message.' },
      401: noKey,
      409: { about: 'The key was used for another message.' },
      413: { about: 'The body is too large.' },
      422: {
        about: 'Nothing was written: what is asked cannot be sent',
        body: { name: 'RefusedOrder', schema: refusedOrder, example: refused },
      },
      503: away,
    },
  },
  {
    ...{ method: 'get', path: '/api/messages/{id}', summary: 'What became of a message' },
    ...{ security: 'api-key', parameters: [messageId] },
    answers: {
      200: { about: 'As it stands', body: { name: 'MessageStatus', schema: messageStatus, example: status } },
      ...{ 401: noKey, 404: noSuch, 503: away },
    },
  },
  {
    ...{ method: 'post', path: '/api/messages/{id}/retry', summary: 'Tries a failed message once more' },
    ...{ security: 'api-key', parameters: [messageId] },
    request: {
      ...{ name: 'RetryOrder', schema: retryOrder, required: false },
      example: { until: '2026-11-23T08:00:00Z' },
    },
    answers: {
      200: {
        about: 'Active again',
        body: { name: 'RetriedMessage', schema: retriedMessage, example: retried },
      },
      ...{ 400: { about: 'The body is not a retry.' }, 401: noKey, 404: noSuch, 503: away },
      409: {
        about: 'It has arrived, may have arrived, is on its way, was refused by the patient, or is too late.',
      },
    },
  },
  {
    ...{ method: 'get', path: '/api/senders', summary: 'The clinic’s senders and how they are' },
    security: 'api-key',
    answers: {
      200: { about: 'All of them', body: { name: 'Senders', schema: senderStates, example: [sender] } },
      401: noKey,
    },
  },
  {
    ...{ method: 'get', path: '/api/templates', summary: 'The templates and what companies said of them' },
    security: 'api-key',
    answers: {
      200: { about: 'All of them', body: { name: 'Templates', schema: templateStates, example: [template] } },
      ...{ 401: noKey, 503: away },
    },
  },
  {
    method: 'post',
    path: '/api/senders/{sender}/test',
    summary: 'Tests a sender now; one that is set up right sends again',
    security: 'api-key',
    parameters: [{ name: 'sender', in: 'path', required: true, about: 'Its id in the install file' }],
    answers: {
      200: {
        about: 'What its provider says',
        body: { name: 'SenderTest', schema: senderTest, example: tested },
      },
      ...{
        401: noKey,
        404: { about: 'There is no such sender; the sentence names those that are.' },
        503: away,
      },
    },
  },
]

const iss = 'https://emr.example/fhir'
const clinic = {
  ...{ name: 'Palm Clinic', country: 'AE', zone: 'Asia/Dubai', zones: {}, noConsent: 'block' },
  senders: [],
}

const forTheApp: Operation[] = [
  {
    ...{ method: 'get', path: '/api/launch-check', summary: 'How the app launches in a host' },
    security: 'none',
    parameters: [
      {
        name: 'iss',
        in: 'query',
        required: false,
        about: 'The host’s FHIR base; without it the only install’s',
      },
      { name: 'launch', in: 'query', required: false, about: '`standalone` where no chart is open' },
    ],
    answers: {
      200: {
        about: 'Its client',
        body: {
          name: 'LaunchClient',
          schema: launchClient,
          example: { iss, clientId: 'qasid-app', scope: 'openid fhirUser launch' },
        },
      },
      404: { about: 'Qasid is not installed there.' },
      409: { about: 'There are several installs: name one with iss.' },
    },
  },
  {
    ...{ method: 'post', path: '/api/session', summary: 'Opens a session for who launched the app' },
    security: 'none',
    request: {
      ...{ name: 'SessionRequest', schema: sessionRequest, required: true },
      example: { iss, idToken: 'eyJ…', patient },
    },
    answers: {
      201: {
        about: 'Opened',
        body: {
          ...{ name: 'Session', schema: session },
          example: { token: 'eyJ…', expiresAt: at, install: 'palm-clinic', clinic, chart: 'host' },
        },
      },
      ...{ 400: { about: 'The body is no request for a session.' }, 503: away },
      ...{ 401: { about: 'The id_token is not valid.' }, 404: { about: 'Qasid is not installed there.' } },
      403: { about: 'The EMR does not show the user this patient.' },
      428: { about: 'Our records stand beside this EMR: accessToken is needed too.' },
    },
  },
  {
    ...{ method: 'post', path: '/api/nudge', summary: 'Has one request dispatched now' },
    security: 'session',
    request: {
      ...{ name: 'Nudge', schema: nudge, required: true },
      example: { request: `CommunicationRequest/${id}` },
    },
    answers: {
      ...{ 202: { about: 'It will be.' }, 400: { about: 'It names no request.' } },
      ...{
        401: { about: 'The session is missing or over.' },
        503: { about: 'The queue cannot be reached.' },
      },
    },
  },
  {
    ...{ method: 'get', path: '/api/openapi.json', summary: 'This document', security: 'none' },
    answers: {
      200: {
        about: 'OpenAPI 3.1',
        body: { name: 'OpenApi', schema: z.looseObject({}), example: { openapi: '3.1.0' } },
      },
    },
  },
]

export const operations: readonly Operation[] = [
  ...forScripts,
  ...forTheApp,
  ...reportOperations,
  ...chartOperations,
]
