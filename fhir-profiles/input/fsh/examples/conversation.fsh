// What patients write, and the conversations that it stands in.

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
Title: "Matched, and understood"
Description: "Exactly one patient has the number; the answer was read against what was asked, and is a yes in Arabic."
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
Title: "Unmatched"
Description: "Two patients share the number and neither was asked anything: it is kept without a subject, and staff find out who wrote it."
* insert ExampleInbound(SB0006)
* payload.contentString = "Is it tomorrow?"

Instance: patient-message-files
InstanceOf: PatientMessage
Usage: #example
Title: "With files"
Description: "One file is in the store, one is still at the company, one will never be had."
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
Title: "A reaction"
Description: "An emoji on a message of ours, which is known by the provider's id of it."
* insert ExampleInbound(SB0008)
* inResponseTo.type = "Communication"
* inResponseTo.identifier.system = $sandbox-message-id
* inResponseTo.identifier.value = "SB0002"
* subject = Reference(Patient/patient-example)
* sender = Reference(Patient/patient-example)
* payload.extension[role].valueCode = #reaction
* payload.contentString = "👍"

Instance: patient-message-waiting
InstanceOf: PatientMessage
Usage: #example
Title: "Just arrived"
Description: "In the store before the provider gets its answer; in-progress until its consequences are drawn."
* insert ExampleInbound(SB0014)
* status = #in-progress
* payload.contentString = "Can I come an hour later?"

Instance: patient-message-stop
InstanceOf: PatientMessage
Usage: #example
Title: "STOP"
Description: "The patient wants no more messages on this channel. It is the source of a Provenance about the consent that it made."
* insert ExampleInbound(SB0015)
* partOf = Reference(Communication/thread-open)
* category[intent].coding.code = #stop
* subject = Reference(Patient/patient-example)
* sender = Reference(Patient/patient-example)
* payload.contentString = "STOP"

Instance: patient-message-hidden-number
InstanceOf: PatientMessage
Usage: #example
Title: "From a person who hides their number"
Description: "WhatsApp gives an id that only this business knows the person by; it is kept beside the message's own."
* identifier[0].system = $sandbox-message-id
* identifier[0].value = "SB0016"
* identifier[1].system = $whatsapp-user-id
* identifier[1].value = "AE.1000000001"
* extension[contactPoints].extension[from].valueContactPoint.system = #phone
* extension[contactPoints].extension[from].valueContactPoint.value = "AE.1000000001"
* extension[contactPoints].extension[to].valueContactPoint.system = #phone
* extension[contactPoints].extension[to].valueContactPoint.value = "+15550100001"
* status = #completed
* medium.coding[0] = $v3-ParticipationMode#APPWRIT
* medium.coding[1] = Channel#whatsapp
* sent = "2026-11-20T09:10:00Z"
* received = "2026-11-20T09:10:01Z"
* payload.contentString = "क्या कल है?"

Instance: patient-message-unproven
InstanceOf: PatientMessage
Usage: #example
Title: "An e-mail that proves nothing"
Description: "Nothing shows that it is from whom it says: it is kept and shown, but changes nothing."
* meta.tag = Mark#unproven
* identifier.system = $smtp-message-id
* identifier.value = "b1a5@mail.example"
* extension[contactPoints].extension[from].valueContactPoint.system = #email
* extension[contactPoints].extension[from].valueContactPoint.value = "sara@mail.example"
* extension[contactPoints].extension[to].valueContactPoint.system = #email
* extension[contactPoints].extension[to].valueContactPoint.value = "visits@clinic.example"
* status = #completed
* medium = $v3-ParticipationMode#EMAILWRIT
* category[intent].coding.code = #unclear
* subject = Reference(Patient/patient-example)
* sender = Reference(Patient/patient-example)
* sent = "2026-11-20T09:10:00Z"
* received = "2026-11-20T09:10:01Z"
* payload.contentString = "Please cancel my visit."

Instance: patient-message-redacted
InstanceOf: PatientMessage
Usage: #example
Title: "Its words removed"
Description: "What was understood stays; what was written, and the whole address, do not."
* insert ExampleInbound(SB0017)
* meta.security = $v3-ObservationValue#REDACTED "redacted"
* extension[contactPoints].extension[from].valueContactPoint.value = "+1555•••••123"
* category[intent].coding.code = #reschedule
* subject = Reference(Patient/patient-example)
* sender = Reference(Patient/patient-example)
* payload.contentAttachment.extension.url = $data-absent-reason
* payload.contentAttachment.extension.valueCode = #masked

Instance: thread-open
InstanceOf: MessageThread
Usage: #example
Title: "Open"
Description: "One for each organisation and patient: SMS, WhatsApp and e-mail stand together. It says up to when each member of staff has read it."
* identifier.value = "organization-example_patient-example"
* status = #in-progress
* subject = Reference(Patient/patient-example)
* recipient[0] = Reference(Patient/patient-example)
* recipient[1] = Reference(Practitioner/practitioner-example)
* extension[readState].extension[participant].valueReference = Reference(Practitioner/practitioner-example)
* extension[readState].extension[lastReadAt].valueDateTime = "2026-11-20T09:06:00Z"

Instance: thread-closed
InstanceOf: MessageThread
Usage: #example
Title: "Closed"
Description: "Nothing is waiting. The next message of the patient opens it again."
* identifier.value = "organization-example_other-patient-example"
* status = #completed
* subject = Reference(Patient/other-patient-example)
* recipient[0] = Reference(Patient/other-patient-example)
* recipient[1] = Reference(Organization/organization-example)
