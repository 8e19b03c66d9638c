Profile: MessageAttempt
Parent: Communication
Id: message-attempt
Title: "Message attempt"
Description: "One try to hand one message to one sender. Written before the provider is called."
* insert OurDefinition
* ^purpose = "Of two workers that take the same request one may call the provider, and a process may die between any two lines: so the attempt is written first, and its id goes along to the provider. What the provider answers, and what it tells later, advances the attempt; a hop to another channel is a new attempt of the same request."
* obeys attempt-1 and attempt-2 and attempt-3 and attempt-4 and attempt-5
* extension contains
    Delivery named delivery 1..1 MS and
    ContactPoints named contactPoints 0..1 MS and
    ReplyOptions named replyOptions 0..1 MS
* identifier 1..* MS
* insert Slices(identifier, value, system)
* identifier contains attempt 1..1 MS
* identifier[attempt] obeys key-1
* identifier[attempt] ^short = "Our id of it, made of request, hop and try: creating it is the claim"
* identifier[attempt].system 1..1
* identifier[attempt].system = $attempt-id
* identifier[attempt].value 1..1
* instantiatesCanonical MS
* instantiatesCanonical ^short = "The template and version that was rendered"
* basedOn 1..* MS
* basedOn ^short = "The request first; then reminders of other visits of the same day that it fulfils too"
* basedOn only Reference(CommunicationRequest)
* partOf 0..1 MS
* partOf ^short = "The thread"
* partOf only Reference(Communication)
* inResponseTo MS
* inResponseTo ^short = "The patient's message that it answers"
* status MS
* status ^short = "See the states below"
* statusReason MS
* statusReason ^short = "Why it was not sent, failed, or is unknown; where HL7 has a word too, that stands beside ours"
* statusReason from NotSentReasonVS (required)
* category MS
* category ^short = "What kind of message it is, from the request"
* medium 0..1 MS
* medium ^short = "The channel that it went by; absent when none was open"
* medium from MessagingMedium (required)
* subject 1..1 MS
* subject ^short = "The patient"
* subject only Reference(Patient)
* recipient MS
* recipient ^short = "Who got it"
* sender MS
* sender ^short = "The organisation that said it, where it is given"
* sent MS
* sent ^short = "When the provider accepted it"
* received MS
* received ^short = "When it was delivered"
* payload MS
* payload ^short = "What was said, as rendered, and which files went along"
* payload.extension contains PayloadRoleExtension named role 0..1 MS

Invariant: attempt-1
Description: "What was not done, was stopped, or is unknown says why."
Severity: #error
Expression: "(status = 'not-done' or status = 'stopped' or status = 'unknown') implies statusReason.exists()"

Invariant: attempt-2
Description: "What is completed was received, unless a relay took it and nothing more can be known."
Severity: #error
Expression: "status = 'completed' implies (received.exists() or extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'relay-accepted').exists())"

Invariant: attempt-3
Description: "What a relay accepted is never said to be received."
Severity: #error
Expression: "extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'relay-accepted').exists() implies received.empty()"

Invariant: attempt-4
Description: "What was handed over says to whom."
Severity: #error
Expression: "(status = 'not-done' or status = 'entered-in-error') or extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/contact-points').extension.where(url = 'to').exists()"

Invariant: attempt-5
Description: "Status and delivery state tell the same story."
Severity: #error
Expression: "(status = 'preparation' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'claimed').exists()) and (status = 'in-progress' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'queued' or value = 'sent' or value = 'relay-accepted').exists()) and (status = 'completed' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'delivered' or value = 'read' or value = 'relay-accepted').exists()) and (status = 'stopped' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'undelivered' or value = 'failed').exists()) and (status = 'not-done' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'not-sent').exists()) and (status = 'unknown' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'unknown').exists())"
