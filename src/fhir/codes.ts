/**
 * Every system, code and canonical URL that Qasid reads or writes. The FSH under `fhir-profiles/` declares the
 * same ones; `test/profiles.test.ts` compares the two.
 */

/** Canonical base of everything that is ours. */
export const qasid = 'https://qasid.dev/fhir'

export const system = {
  // ours
  channel: `${qasid}/CodeSystem/channel`,
  consentCategory: `${qasid}/CodeSystem/consent-category`,
  mark: `${qasid}/CodeSystem/mark`,
  messageCategory: `${qasid}/CodeSystem/message-category`,
  notSentReason: `${qasid}/CodeSystem/not-sent-reason`,
  payloadRole: `${qasid}/CodeSystem/payload-role`,
  qasid: `${qasid}/CodeSystem/qasid`,
  replyIntent: `${qasid}/CodeSystem/reply-intent`,
  task: `${qasid}/CodeSystem/task`,
  thread: `${qasid}/CodeSystem/thread`,
  // HL7's and others'
  actCode: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  actReason: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  auditEntityType: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
  auditEventType: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
  communicationCategory: 'http://terminology.hl7.org/CodeSystem/communication-category',
  communicationNotDoneReason: 'http://terminology.hl7.org/CodeSystem/communication-not-done-reason',
  consentScope: 'http://terminology.hl7.org/CodeSystem/consentscope',
  dataOperation: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation',
  dicom: 'http://dicom.nema.org/resources/ontology/DCM',
  lifecycle: 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle',
  loinc: 'http://loinc.org',
  observationValue: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  participantType: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
  participationMode: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode',
  resourceTypes: 'http://hl7.org/fhir/resource-types',
  restfulInteraction: 'http://hl7.org/fhir/restful-interaction',
} as const

/** Identifier systems (FHIR NamingSystem). */
export const naming = {
  answer: `${qasid}/NamingSystem/answer`,
  /** One call of the API, however often it is repeated. */
  apiCall: `${qasid}/NamingSystem/api-call`,
  attemptId: `${qasid}/NamingSystem/attempt-id`,
  /** On what the host's chart is told: the id of our message. */
  chartCopy: `${qasid}/NamingSystem/chart-copy`,
  /** Which attempt of a request it is, from 0: of two workers that would begin the next one, one does. */
  claim: `${qasid}/NamingSystem/claim`,
  consentAddress: `${qasid}/NamingSystem/consent-address`,
  /** On what was emptied here, while a copy elsewhere (a company's, an older version) is still to be removed. */
  copyLeft: `${qasid}/NamingSystem/copy-left`,
  /** What a call to our API asked for, hashed: the same key with another body is another call. */
  requestBody: `${qasid}/NamingSystem/request-body`,
  requestKey: `${qasid}/NamingSystem/request-key`,
  settings: `${qasid}/NamingSystem/settings`,
  sandboxMessageId: `${qasid}/NamingSystem/sandbox-message-id`,
  taskKey: `${qasid}/NamingSystem/task-key`,
  template: `${qasid}/NamingSystem/template`,
  thread: `${qasid}/NamingSystem/thread`,
  /** On our own message: whether the host's chart was told of it, see `domain/write-back.ts`. */
  writeBack: `${qasid}/NamingSystem/write-back`,
  /** Of people who hide their number: scoped to the business that they write to. */
  whatsAppUserId: `${qasid}/NamingSystem/whatsapp-user-id`,
} as const

export const extension = {
  announcedHash: `${qasid}/StructureDefinition/announced-hash`,
  contactPoints: `${qasid}/StructureDefinition/contact-points`,
  delivery: `${qasid}/StructureDefinition/delivery`,
  fallbackAfter: `${qasid}/StructureDefinition/fallback-after`,
  payloadRole: `${qasid}/StructureDefinition/payload-role`,
  fileLost: `${qasid}/StructureDefinition/file-lost`,
  replyOptions: `${qasid}/StructureDefinition/reply-options`,
  retryRound: `${qasid}/StructureDefinition/retry-round`,
  settingsContent: `${qasid}/StructureDefinition/settings-content`,
  sendWindow: `${qasid}/StructureDefinition/send-window`,
  templateApproval: `${qasid}/StructureDefinition/template-approval`,
  templateContent: `${qasid}/StructureDefinition/template-content`,
  threadReadState: `${qasid}/StructureDefinition/thread-read-state`,
  // HL7's
  dataAbsentReason: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
  instantiatesCanonical: 'http://hl7.org/fhir/StructureDefinition/workflow-instantiatesCanonical',
  timezone: 'http://hl7.org/fhir/StructureDefinition/timezone',
  tzCode: 'http://hl7.org/fhir/StructureDefinition/tz-code',
} as const

export const profile = {
  attempt: `${qasid}/StructureDefinition/message-attempt`,
  audit: `${qasid}/StructureDefinition/message-audit`,
  consentProvenance: `${qasid}/StructureDefinition/consent-provenance`,
  inbound: `${qasid}/StructureDefinition/patient-message`,
  messagingConsent: `${qasid}/StructureDefinition/messaging-consent`,
  messageRequest: `${qasid}/StructureDefinition/message-request`,
  messageTemplate: `${qasid}/StructureDefinition/message-template`,
  /** Held to, and not claimed in `meta.profile`: hosts rewrite a Subscription as they take it. */
  notificationSubscription: `${qasid}/StructureDefinition/notification-subscription`,
  settings: `${qasid}/StructureDefinition/clinic-settings`,
  staffTask: `${qasid}/StructureDefinition/staff-task`,
  thread: `${qasid}/StructureDefinition/message-thread`,
  visitAnswer: `${qasid}/StructureDefinition/visit-answer`,
} as const

/** A template's canonical URL; `|version` is added where it is pinned. */
export function templateUrl(name: string): string {
  return `${qasid}/ActivityDefinition/${name}`
}

/** Wording a patient agreed to (Consent.policy.uri). */
export const policy = {
  /** A STOP written by the patient: holds for the address, whoever shares it. */
  stopReply: `${qasid}/policy/stop-reply`,
  /** The sample wording of an opt-in at the desk. */
  messagingOptIn: `${qasid}/policy/messaging-opt-in`,
} as const
