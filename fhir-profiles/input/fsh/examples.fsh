// One example of each state. The people are invented; the numbers belong to nobody (+1 555 01xx, clinic.example).

RuleSet: ExampleWindow
* extension[sendWindow].valuePeriod.start = "2026-11-20T05:00:00Z"
* extension[sendWindow].valuePeriod.end = "2026-11-21T09:00:00Z"

RuleSet: ExampleReminder(start)
* insert ExampleWindow
* extension[template].valueCanonical = "https://qasid.dev/fhir/ActivityDefinition/visit-reminder|1"
* extension[replyOptions].extension[option][0].valueCode = #confirm
* extension[replyOptions].extension[option][1].valueCode = #cancel
* identifier[key].value = "appointment-example_{start}_day-before_patient-example"
* category[message].coding.code = #reminder
* category[1] = $communication-category#reminder
* priority = #routine
* medium[0].coding[0] = $v3-ParticipationMode#APPWRIT
* medium[0].coding[1] = Channel#whatsapp
* medium[1] = $v3-ParticipationMode#SMSWRIT
* subject = Reference(Patient/patient-example)
* recipient = Reference(Patient/patient-example)
* basedOn = Reference(Appointment/appointment-example)
* about = Reference(Appointment/appointment-example)
* occurrenceDateTime = "2026-11-20T09:00:00Z"
// {"start":"2026-11-21T09:00:00.000Z"}
* payload.extension[role].valueCode = #parameters
* payload.contentAttachment.contentType = #application/json
* payload.contentAttachment.data = "eyJzdGFydCI6IjIwMjYtMTEtMjFUMDk6MDA6MDAuMDAwWiJ9"

Instance: request-reminder-active
InstanceOf: MessageRequest
Usage: #example
* insert ExampleReminder(20261121T090000Z)
* status = #active

Instance: request-reminder-revoked
InstanceOf: MessageRequest
Usage: #example
* insert ExampleReminder(20261121T080000Z)
* status = #revoked
* statusReason = NotSentReason#visit-moved "The visit was moved to another time."
* statusReason.text = "The visit was moved to another time."

Instance: request-manual-completed
InstanceOf: MessageRequest
Usage: #example
* insert ExampleWindow
* identifier[key].value = "01KABCDEFGHJKMNPQRSTVWXYZ0"
* status = #completed
* category[message].coding.code = #conversation
* priority = #urgent
* medium = $v3-ParticipationMode#EMAILWRIT
* subject = Reference(Patient/patient-example)
* recipient = Reference(RelatedPerson/mother-example)
* payload.contentString = "Please bring the earlier X-ray."
* occurrenceDateTime = "2026-11-20T08:59:30Z"
* requester = Reference(Practitioner/practitioner-example)

Instance: request-file-active
InstanceOf: MessageRequest
Usage: #example
* insert ExampleWindow
* identifier[key].value = "manual_01KABCDEFGHJKMNPQRSTVWXYZ1"
* status = #active
* category[message].coding.code = #conversation
* priority = #routine
* medium.coding[0] = $v3-ParticipationMode#APPWRIT
* medium.coding[1] = Channel#whatsapp
* subject = Reference(Patient/patient-example)
* recipient = Reference(Patient/patient-example)
* payload[0].contentReference = Reference(DocumentReference/letter-example)
* payload[1].contentString = "Your letter, as you asked."
* occurrenceDateTime = "2026-11-20T08:59:30Z"
* requester = Reference(Practitioner/practitioner-example)

Instance: request-reaction-active
InstanceOf: MessageRequest
Usage: #example
* insert ExampleWindow
* identifier[key].value = "manual_01KABCDEFGHJKMNPQRSTVWXYZ2"
* status = #active
* category[message].coding.code = #conversation
* priority = #routine
* medium.coding[0] = $v3-ParticipationMode#APPWRIT
* medium.coding[1] = Channel#whatsapp
* subject = Reference(Patient/patient-example)
* recipient = Reference(Patient/patient-example)
* about = Reference(Communication/patient-message-files)
* payload.extension[role].valueCode = #reaction
* payload.contentString = "🙏"
* occurrenceDateTime = "2026-11-20T09:12:30Z"

RuleSet: ExampleAttempt(id, provider, at)
* identifier[attempt].value = "{id}"
* extension[delivery].extension[provider].valueCode = #{provider}
* extension[delivery].extension[sender].valueCode = #clinic-sms
* extension[delivery].extension[at].valueDateTime = "{at}"
* extension[delivery].extension[attempt].valuePositiveInt = 1
* instantiatesCanonical = "https://qasid.dev/fhir/ActivityDefinition/visit-reminder|1"
* basedOn = Reference(CommunicationRequest/request-reminder-active)
* partOf = Reference(Communication/thread-open)
* category[0] = MessageCategory#reminder
* subject = Reference(Patient/patient-example)
* recipient = Reference(Patient/patient-example)

RuleSet: ExampleBySms
* extension[contactPoints].extension[to].valueContactPoint.system = #sms
* extension[contactPoints].extension[to].valueContactPoint.value = "+15555550123"
* extension[contactPoints].extension[from].valueContactPoint.system = #sms
* extension[contactPoints].extension[from].valueContactPoint.value = "+15550100001"
* medium = $v3-ParticipationMode#SMSWRIT
* payload.contentString = "Your visit is on Saturday 21 November at 12:00. Reply 1 to confirm, X to cancel."

RuleSet: ExampleProviderId(id)
* identifier[1].system = $sandbox-message-id
* identifier[1].value = "{id}"

Instance: attempt-claimed
InstanceOf: MessageAttempt
Usage: #example
* insert ExampleAttempt(attempt-claimed-example, sandbox, [[2026-11-20T09:00:01Z]])
* insert ExampleBySms
* extension[delivery].extension[state].valueCode = #claimed
* extension[delivery].extension[nextAttemptAt].valueDateTime = "2026-11-20T09:00:31Z"
* extension[replyOptions].extension[option][0].valueCode = #confirm
* status = #preparation

Instance: attempt-sent
InstanceOf: MessageAttempt
Usage: #example
* insert ExampleAttempt(attempt-sent-example, sandbox, [[2026-11-20T09:00:02Z]])
* insert ExampleBySms
* insert ExampleProviderId(SB0001)
* extension[delivery].extension[state].valueCode = #sent
* extension[delivery].extension[segments].valuePositiveInt = 2
* extension[delivery].extension[cost].valueMoney.value = 0.015
* extension[delivery].extension[cost].valueMoney.currency = #XTS
* status = #in-progress
* sent = "2026-11-20T09:00:02Z"

Instance: attempt-delivered
InstanceOf: MessageAttempt
Usage: #example
* insert ExampleAttempt(attempt-delivered-example, sandbox, [[2026-11-20T09:00:04Z]])
* insert ExampleBySms
* insert ExampleProviderId(SB0002)
* extension[delivery].extension[state].valueCode = #delivered
* status = #completed
* sent = "2026-11-20T09:00:02Z"
* received = "2026-11-20T09:00:04Z"

Instance: attempt-read
InstanceOf: MessageAttempt
Usage: #example
* insert ExampleAttempt(attempt-read-example, sandbox, [[2026-11-20T09:05:00Z]])
* extension[contactPoints].extension[to].valueContactPoint.system = #phone
* extension[contactPoints].extension[to].valueContactPoint.value = "+15555550123"
* medium.coding[0] = $v3-ParticipationMode#APPWRIT
* medium.coding[1] = Channel#whatsapp
* payload.contentString = "موعدك يوم السبت ٢١ نوفمبر الساعة ١٢:٠٠."
* insert ExampleProviderId(SB0003)
* extension[delivery].extension[state].valueCode = #read
* extension[delivery].extension[readAt].valueDateTime = "2026-11-20T09:05:00Z"
* status = #completed
* sent = "2026-11-20T09:00:02Z"
* received = "2026-11-20T09:00:04Z"

Instance: attempt-file
InstanceOf: MessageAttempt
Usage: #example
* insert ExampleAttempt(attempt-file-example, sandbox, [[2026-11-20T09:05:00Z]])
* extension[contactPoints].extension[to].valueContactPoint.system = #phone
* extension[contactPoints].extension[to].valueContactPoint.value = "+15555550123"
* medium.coding[0] = $v3-ParticipationMode#APPWRIT
* medium.coding[1] = Channel#whatsapp
* payload[0].contentAttachment.url = "DocumentReference/letter-example"
* payload[0].contentAttachment.contentType = #application/pdf
* payload[0].contentAttachment.title = "letter.pdf"
* payload[1].contentString = "Your letter, as you asked."
* insert ExampleProviderId(SB0009)
* extension[delivery].extension[state].valueCode = #sent
* status = #in-progress
* sent = "2026-11-20T09:05:00Z"

Instance: attempt-relay-accepted
InstanceOf: MessageAttempt
Usage: #example
* insert ExampleAttempt(attempt-relay-example, smtp, [[2026-11-20T09:00:04Z]])
* extension[contactPoints].extension[to].valueContactPoint.system = #email
* extension[contactPoints].extension[to].valueContactPoint.value = "sara@mail.example"
* medium = $v3-ParticipationMode#EMAILWRIT
* payload.contentString = "Your visit is on Saturday 21 November at 12:00."
* extension[delivery].extension[state].valueCode = #relay-accepted
* status = #completed
* sent = "2026-11-20T09:00:02Z"

Instance: attempt-failed
InstanceOf: MessageAttempt
Usage: #example
* insert ExampleAttempt(attempt-failed-example, sandbox, [[2026-11-20T09:00:09Z]])
* insert ExampleBySms
* insert ExampleProviderId(SB0004)
* extension[delivery].extension[state].valueCode = #undelivered
* extension[delivery].extension[providerCode].valueString = "30005"
* extension[delivery].extension[reason].valueCoding = NotSentReason#undelivered
* status = #stopped
* statusReason = NotSentReason#undelivered
* sent = "2026-11-20T09:00:02Z"

Instance: attempt-not-done
InstanceOf: MessageAttempt
Usage: #example
* insert ExampleAttempt(attempt-not-done-example, sandbox, [[2026-11-20T09:00:00Z]])
* extension[delivery].extension[state].valueCode = #not-sent
* extension[delivery].extension[reason].valueCoding = NotSentReason#no-consent
* status = #not-done
* statusReason.coding[0] = $communication-not-done-reason#patient-objection
* statusReason.coding[1] = NotSentReason#no-consent
* statusReason.text = "There is no consent for this channel."

Instance: attempt-unknown
InstanceOf: MessageAttempt
Usage: #example
* insert ExampleAttempt(attempt-unknown-example, sandbox, [[2026-11-20T09:00:25Z]])
* insert ExampleBySms
* extension[delivery].extension[state].valueCode = #unknown
* status = #unknown
* statusReason = NotSentReason#no-answer

RuleSet: ExampleInbound(id)
* identifier.system = $sandbox-message-id
* identifier.value = "{id}"
* extension[contactPoints].extension[from].valueContactPoint.system = #sms
* extension[contactPoints].extension[from].valueContactPoint.value = "+15555550123"
* extension[contactPoints].extension[to].valueContactPoint.system = #sms
* extension[contactPoints].extension[to].valueContactPoint.value = "+15550100001"
* status = #completed
* medium = $v3-ParticipationMode#SMSWRIT
* sent = "2026-11-20T09:10:00Z"
* received = "2026-11-20T09:10:01Z"

Instance: patient-message-confirm
InstanceOf: PatientMessage
Usage: #example
* insert ExampleInbound(SB0005)
* partOf = Reference(Communication/thread-open)
* inResponseTo = Reference(Communication/attempt-delivered)
* category[intent].coding.code = #confirm
* subject = Reference(Patient/patient-example)
* sender = Reference(Patient/patient-example)
* payload.contentString = "نعم"

Instance: patient-message-unassigned
InstanceOf: PatientMessage
Usage: #example
* insert ExampleInbound(SB0006)
* payload.contentString = "Is it tomorrow?"

// One file is in the store, one is still at the company, one will never be had.
Instance: patient-message-files
InstanceOf: PatientMessage
Usage: #example
* insert ExampleInbound(SB0007)
* subject = Reference(Patient/patient-example)
* sender = Reference(Patient/patient-example)
* payload[0].contentAttachment.contentType = #image/jpeg
* payload[0].contentAttachment.url = "Binary/picture-example"
* payload[0].contentAttachment.size = 84210
* payload[0].contentAttachment.hash = "L9ThxnotKPzthJ7hu3bnORuT6xI="
* payload[1].contentAttachment.contentType = #application/pdf
* payload[1].contentAttachment.url = "https://carrier.example/files/F2"
* payload[1].contentAttachment.title = "letter.pdf"
* payload[1].contentAttachment.extension[announcedHash].valueString = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
* payload[2].contentAttachment.contentType = #application/zip
* payload[2].contentAttachment.extension[lost].valueCode = #type-not-taken
* payload[3].contentString = "Is this the right letter?"

Instance: patient-message-reaction
InstanceOf: PatientMessage
Usage: #example
* insert ExampleInbound(SB0008)
* inResponseTo.type = "Communication"
* inResponseTo.identifier.system = $sandbox-message-id
* inResponseTo.identifier.value = "SB0002"
* subject = Reference(Patient/patient-example)
* sender = Reference(Patient/patient-example)
* payload.extension[role].valueCode = #reaction
* payload.contentString = "👍"

Instance: thread-open
InstanceOf: MessageThread
Usage: #example
* identifier.value = "organization-example_patient-example"
* status = #in-progress
* subject = Reference(Patient/patient-example)
* recipient[0] = Reference(Patient/patient-example)
* recipient[1] = Reference(Practitioner/practitioner-example)
* extension[readState].extension[participant].valueReference = Reference(Practitioner/practitioner-example)
* extension[readState].extension[lastReadAt].valueDateTime = "2026-11-20T09:06:00Z"

RuleSet: ExampleConsent(address)
* identifier[address].value = "{address}"
* status = #active
* patient = Reference(Patient/patient-example)
* dateTime = "2026-10-01T08:00:00Z"
* provision.period.start = "2026-10-01T08:00:00Z"

Instance: consent-permit
InstanceOf: MessagingConsent
Usage: #example
* insert ExampleConsent([[whatsapp:+15555550123]])
* policy.uri = "https://qasid.dev/fhir/policy/messaging-opt-in"
* policyRule = $v3-ActCode#OPTIN
* provision.type = #permit
* provision.purpose[0] = $v3-ActReason#PATADMIN
* provision.purpose[1] = $v3-ActReason#CAREMGT
* provision.purpose[2] = $v3-ActReason#PATRQT
* provision.code.coding[0] = $v3-ParticipationMode#APPWRIT
* provision.code.coding[1] = Channel#whatsapp
* provision.provision.purpose = $v3-ActReason#CAREMGT
* provision.provision.code = MessageCategory#conversation

Instance: consent-stop
InstanceOf: MessagingConsent
Usage: #example
* insert ExampleConsent([[sms:+15555550123]])
* policy.uri = "https://qasid.dev/fhir/policy/stop-reply"
* policyRule = $v3-ActCode#OPTOUT
* provision.type = #deny
* provision.code = $v3-ParticipationMode#SMSWRIT

Instance: template-visit-reminder
InstanceOf: MessageTemplate
Usage: #example
* url = "https://qasid.dev/fhir/ActivityDefinition/visit-reminder"
* version = "1"
* name = "VisitReminder"
* title = "Reminder of a visit"
* status = #active
* topic = MessageCategory#reminder
* extension[replyOptions].extension[option][0].valueCode = #confirm
* extension[replyOptions].extension[option][1].valueCode = #cancel
* extension[content][0].extension[channel].valueCode = #sms
* extension[content][0].extension[language].valueCode = #en
* extension[content][0].extension[body].valueString = "Your visit is on {{ visit.day }} at {{ visit.time }}. Reply 1 to confirm, X to cancel."
* extension[content][1].extension[channel].valueCode = #email
* extension[content][1].extension[language].valueCode = #en
* extension[content][1].extension[subject].valueString = "Your visit on {{ visit.day }}"
* extension[content][1].extension[body].valueMarkdown = "Your visit is on {{ visit.day }} at {{ visit.time }}."
* extension[content][2].extension[channel].valueCode = #sms
* extension[content][2].extension[language].valueCode = #hi
* extension[content][2].extension[body].valueString = "आपकी मुलाक़ात {{ visit.day }} को {{ visit.time }} बजे है।"

Instance: clinic-settings-example
InstanceOf: ClinicSettings
Usage: #example
* identifier.value = "sample-clinic"
* extension[content].valueString = "{}"
* author = Reference(Practitioner/practitioner-example)
* created = "2026-11-20"

Instance: task-match-sender
InstanceOf: StaffTask
Usage: #example
* identifier[key].value = "match-sender_patient-message-unassigned"
* status = #requested
* code = StaffTaskCode#match-sender
* focus = Reference(Communication/patient-message-unassigned)

Instance: task-update-schedule
InstanceOf: StaffTask
Usage: #example
* identifier[key].value = "update-schedule_patient-message-confirm"
* status = #requested
* code = StaffTaskCode#update-schedule
* focus = Reference(Communication/patient-message-confirm)
* for = Reference(Patient/patient-example)
* restriction.period.end = "2026-11-20T17:00:00Z"
