Profile: MessageAttempt
Parent: Communication
Id: message-attempt
Title: "Message attempt"
Description: "One try to hand one message to one sender. Written before the provider is called."
* insert OurDefinition
* obeys att-1 and att-2 and att-3 and att-4 and att-5
* extension contains
    Delivery named delivery 1..1 MS and
    ContactPoints named contactPoints 0..1 MS and
    ReplyOptions named replyOptions 0..1 MS
* identifier 1..* MS
* insert Slices(identifier, value, system)
* identifier contains attempt 1..1 MS
* identifier[attempt] obeys key-1
* identifier[attempt].system 1..1
* identifier[attempt].system = $attempt-id
* identifier[attempt].value 1..1
* instantiatesCanonical MS
* basedOn 1..* MS
* basedOn ^short = "The request first; then reminders of other visits of the same day that it fulfils too"
* basedOn only Reference(CommunicationRequest)
* partOf 0..1 MS
* partOf only Reference(Communication)
* inResponseTo MS
* status MS
* statusReason MS
* statusReason from NotSentReasonVS (required)
* category MS
* medium 0..1 MS
* medium from MessagingMedium (required)
* subject 1..1 MS
* subject only Reference(Patient)
* recipient MS
* sender MS
* sent MS
* sent ^short = "When the provider accepted it"
* received MS
* received ^short = "When it was delivered"
* payload MS
* payload.extension contains PayloadRoleExtension named role 0..1 MS

Invariant: att-1
Description: "What was not done, was stopped, or is unknown says why."
Severity: #error
Expression: "(status = 'not-done' or status = 'stopped' or status = 'unknown') implies statusReason.exists()"

Invariant: att-2
Description: "What is completed was received, unless a relay took it and nothing more can be known."
Severity: #error
Expression: "status = 'completed' implies (received.exists() or extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').value = 'relay-accepted')"

Invariant: att-3
Description: "What a relay accepted is never said to be received."
Severity: #error
Expression: "extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').value = 'relay-accepted' implies received.empty()"

Invariant: att-4
Description: "What was handed over says to whom."
Severity: #error
Expression: "(status = 'not-done' or status = 'entered-in-error') or extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/contact-points').extension.where(url = 'to').exists()"

Invariant: att-5
Description: "Status and delivery state tell the same story."
Severity: #error
Expression: "(status = 'preparation' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'claimed').exists()) and (status = 'in-progress' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'queued' or value = 'sent' or value = 'relay-accepted').exists()) and (status = 'completed' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'delivered' or value = 'read' or value = 'relay-accepted').exists()) and (status = 'stopped' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'undelivered' or value = 'failed').exists()) and (status = 'not-done' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'not-sent').exists()) and (status = 'unknown' implies extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').where(value = 'unknown').exists())"
