Profile: MessageRequest
Parent: CommunicationRequest
Id: message-request
Title: "Message request"
Description: "The intent to say something to one person, once. Reminders, campaigns and a clinician's send differ only in who writes it."
* insert OurDefinition
* obeys req-1 and req-2
* extension contains
    $instantiatesCanonical named template 0..1 MS and
    SendWindow named sendWindow 1..1 MS and
    ReplyOptions named replyOptions 0..1 MS and
    FallbackAfter named fallbackAfter 0..1 MS and
    RetryRound named retryRound 0..1 MS
* identifier 1..* MS
* insert Slices(identifier, value, system)
* identifier contains key 1..1 MS
* identifier[key] obeys key-1
* identifier[key].system 1..1
* identifier[key].system = $request-key
* identifier[key].value 1..1
* basedOn MS
* replaces MS
* groupIdentifier MS
* status MS
* statusReason MS
* statusReason from NotSentReasonVS (required)
* category 1..* MS
* insert Slices(category, value, coding.system)
* category contains message 1..1 MS
* category[message] from MessageCategoryVS (required)
* category[message].coding 1..1
* category[message].coding.system 1..1
* category[message].coding.system = "https://qasid.dev/fhir/CodeSystem/message-category"
* category[message].coding.code 1..1
* priority MS
* medium 1..* MS
* medium ^short = "Routing plan, first is preferred"
* medium from MessagingMedium (required)
* subject 1..1 MS
* subject only Reference(Patient)
* about MS
* payload MS
* payload.extension contains PayloadRoleExtension named role 0..1 MS
* occurrence[x] 1..1 MS
* occurrence[x] only dateTime
* occurrence[x] ^short = "Planned time; the search parameter sees no Period"
* requester MS
* recipient 1..1 MS
* recipient only Reference(Patient or RelatedPerson)
* sender MS

Invariant: req-1
Description: "A revoked request says why."
Severity: #error
Expression: "status = 'revoked' implies statusReason.exists()"

Invariant: req-2
Description: "There is something to say: a template, or a payload."
Severity: #error
Expression: "payload.exists() or extension.where(url = 'http://hl7.org/fhir/StructureDefinition/workflow-instantiatesCanonical').exists()"
