// Requests in each state. The people are invented; the numbers belong to nobody (+1 555 01xx, mail.example).

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

RuleSet: ExampleManual(key)
* insert ExampleWindow
* identifier[key].value = "manual_01KABCDEFGHJKMNPQRSTVWXYZ{key}"
* category[message].coding.code = #conversation
* priority = #routine
* subject = Reference(Patient/patient-example)
* recipient = Reference(Patient/patient-example)
* occurrenceDateTime = "2026-11-20T08:59:30Z"
* requester = Reference(Practitioner/practitioner-example)

RuleSet: ExampleByWhatsApp
* medium.coding[0] = $v3-ParticipationMode#APPWRIT
* medium.coding[1] = Channel#whatsapp

RuleSet: Revoked(reason, words)
* status = #revoked
* statusReason = NotSentReason#{reason} "{words}"
* statusReason.text = "{words}"

Instance: request-reminder-active
InstanceOf: MessageRequest
Usage: #example
Title: "A planned reminder"
Description: "Due on the day before the visit, on WhatsApp and then by SMS. Its key is made of the visit, its start and the rule, so that a visit that moves gets a new one. The values for the template are JSON in base64: the start of the visit."
* insert ExampleReminder(20261121T090000Z)
* status = #active

Instance: request-manual-draft
InstanceOf: MessageRequest
Usage: #example
Title: "Written, and awaiting approval"
Description: "Nothing is sent before somebody makes it active."
* insert ExampleManual(3)
* status = #draft
* medium = $v3-ParticipationMode#SMSWRIT
* payload.contentString = "Your results are here. Please call us."

Instance: request-campaign-on-hold
InstanceOf: MessageRequest
Usage: #example
Title: "One member of a campaign that is paused"
Description: "All that one call of the API wrote are a group; the first of them also says what was asked and of how many."
* insert ExampleWindow
* extension[template].valueCanonical = "https://qasid.dev/fhir/ActivityDefinition/flu-season|2"
* identifier[key].value = "flu-2026_patient-example"
* identifier[1].system = $api-call
* identifier[1].value = "7f83b1657ff1fc53"
* identifier[2].system = $request-body
* identifier[2].value = "b92dc18148a1d65d-120"
* groupIdentifier.system = $api-call
* groupIdentifier.value = "7f83b1657ff1fc53"
* status = #on-hold
* category[message].coding.code = #conversation
* priority = #routine
* medium = $v3-ParticipationMode#SMSWRIT
* subject = Reference(Patient/patient-example)
* recipient = Reference(Patient/patient-example)
* occurrenceDateTime = "2026-11-20T09:00:00Z"

Instance: request-fallback-active
InstanceOf: MessageRequest
Usage: #example
Title: "Handed over, and watched"
Description: "It was sent on WhatsApp; when it is not read within two hours, it goes by SMS too. Until then the request stays active."
* insert ExampleReminder(20261121T093000Z)
* status = #active
* extension[fallbackAfter].extension[unread].valueDuration.value = 2
* extension[fallbackAfter].extension[unread].valueDuration.unit = "h"
* extension[fallbackAfter].extension[unread].valueDuration.system = "http://unitsofmeasure.org"
* extension[fallbackAfter].extension[unread].valueDuration.code = #h
* extension[fallbackAfter].extension[handedOverAt].valueDateTime = "2026-11-20T09:00:02Z"

Instance: request-retry-active
InstanceOf: MessageRequest
Usage: #example
Title: "Begun again"
Description: "The whole routing plan failed once and was begun again by staff."
* insert ExampleManual(4)
* extension[retryRound].valuePositiveInt = 1
* status = #active
* medium = $v3-ParticipationMode#SMSWRIT
* payload.contentString = "Please bring the earlier X-ray."

Instance: request-file-active
InstanceOf: MessageRequest
Usage: #example
Title: "A document of the chart"
Description: "The file stays where it is in the EMR; the words go with it."
* insert ExampleManual(1)
* status = #active
* insert ExampleByWhatsApp
* payload[0].contentReference = Reference(DocumentReference/letter-example)
* payload[1].contentString = "Your letter, as you asked."

Instance: request-reaction-active
InstanceOf: MessageRequest
Usage: #example
Title: "An emoji on the patient's message"
Description: "It is about the message that it is put on."
* insert ExampleManual(2)
* status = #active
* insert ExampleByWhatsApp
* about = Reference(Communication/patient-message-files)
* payload.extension[role].valueCode = #reaction
* payload.contentString = "🙏"

Instance: request-manual-completed
InstanceOf: MessageRequest
Usage: #example
Title: "Sent"
Description: "Written by staff, urgent, to the patient's mother, by e-mail; a relay took it."
* insert ExampleManual(0)
* status = #completed
* priority = #urgent
* medium = $v3-ParticipationMode#EMAILWRIT
* recipient = Reference(RelatedPerson/mother-example)
* payload.contentString = "Please bring the earlier X-ray."

Instance: request-reminder-merged
InstanceOf: MessageRequest
Usage: #example
Title: "Told by the reminder of another visit"
Description: "The patient has two visits on that day: the first one's reminder names both, and this one is done."
* insert ExampleReminder(20261121T110000Z)
* status = #completed
* statusReason = NotSentReason#merged "The reminder of another visit on the same day tells of it."
* statusReason.text = "The reminder of another visit on the same day tells of it."

Instance: request-redacted
InstanceOf: MessageRequest
Usage: #example
Title: "Sent long ago, its words removed"
Description: "The clinic keeps what was said for a time only; then the words go and the shell stays. While a copy of it is left elsewhere, it bears the mark."
* insert ExampleManual(5)
* meta.security = $v3-ObservationValue#REDACTED "redacted"
* identifier[1].system = $copy-left
* identifier[1].value = "CommunicationRequest-request-redacted"
* status = #completed
* medium = $v3-ParticipationMode#SMSWRIT
* payload.contentAttachment.extension.url = $data-absent-reason
* payload.contentAttachment.extension.valueCode = #masked

Instance: request-entered-in-error
InstanceOf: MessageRequest
Usage: #example
Title: "Written for the wrong patient"
Description: "Nobody may act on it, and the chart does not show it."
* insert ExampleManual(6)
* status = #entered-in-error
* medium = $v3-ParticipationMode#SMSWRIT
* payload.contentString = "Please bring the earlier X-ray."
