Profile: MessageRequest
Parent: CommunicationRequest
Id: message-request
Title: "Message request"
Description: "The intent to say something to one person, once. Reminders, campaigns and a clinician's send differ only in who writes it."
* insert OurDefinition
* ^purpose = "Whoever wants something said writes one of these, and nothing reaches a patient in another way: a reminder, an answer, one member of a campaign and a clinician's own words differ only in who writes it. It waits in the store until it is due; then everything is judged again, and each try to send it becomes an attempt."
* obeys req-1 and req-2
* extension contains
    $instantiatesCanonical named template 0..1 MS and
    SendWindow named sendWindow 1..1 MS and
    ReplyOptions named replyOptions 0..1 MS and
    FallbackAfter named fallbackAfter 0..1 MS and
    RetryRound named retryRound 0..1 MS
* extension[template] ^short = "HL7's own workflow-instantiatesCanonical: the template and version that is rendered"
* identifier 1..* MS
* insert Slices(identifier, value, system)
* identifier contains key 1..1 MS
* identifier[key] obeys key-1
* identifier[key] ^short = "Its key, made of what it is about, so that the same wish twice is one request"
* identifier[key].system 1..1
* identifier[key].system = $request-key
* identifier[key].value 1..1
* basedOn MS
* basedOn ^short = "The visit that it reminds of"
* replaces MS
* replaces ^short = "The request that it took the place of"
* groupIdentifier MS
* groupIdentifier ^short = "The campaign, or the call of the API, that it was written by"
* status MS
* status ^short = "See the states below"
* statusReason MS
* statusReason ^short = "Why it was revoked, waits, or was told by another"
* statusReason from NotSentReasonVS (required)
* category 1..* MS
* insert Slices(category, value, coding.system)
* category contains message 1..1 MS
* category[message] from MessageCategoryVS (required)
* category[message] ^short = "What kind of message: consent and quiet hours are judged by it"
* category[message].coding 1..1
* category[message].coding.system 1..1
* category[message].coding.system = "https://qasid.dev/fhir/CodeSystem/message-category"
* category[message].coding.code 1..1
* priority MS
* priority ^short = "urgent and stat may pass quiet hours, never consent"
* medium 1..* MS
* medium ^short = "Routing plan, first is preferred"
* medium from MessagingMedium (required)
* subject 1..1 MS
* subject ^short = "The patient"
* subject only Reference(Patient)
* about MS
* about ^short = "The visit; the message that is answered or reacted to"
* payload MS
* payload ^short = "Values for the template, as JSON; or words, a document of the chart, an emoji"
* payload.extension contains PayloadRoleExtension named role 0..1 MS
* occurrence[x] 1..1 MS
* occurrence[x] only dateTime
* occurrence[x] ^short = "Planned time; the search parameter sees no Period"
* requester MS
* requester ^short = "The member of staff who wrote it"
* recipient 1..1 MS
* recipient ^short = "Who gets it: the patient, or a person who acts for them"
* recipient only Reference(Patient or RelatedPerson)
* sender MS
* sender ^short = "The organisation that says it, where it is given"

Invariant: req-1
Description: "A revoked request says why."
Severity: #error
Expression: "status = 'revoked' implies statusReason.exists()"

Invariant: req-2
Description: "There is something to say: a template, or a payload."
Severity: #error
Expression: "payload.exists() or extension.where(url = 'http://hl7.org/fhir/StructureDefinition/workflow-instantiatesCanonical').exists()"
