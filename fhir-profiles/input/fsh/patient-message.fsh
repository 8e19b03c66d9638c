Profile: PatientMessage
Parent: Communication
Id: patient-message
Title: "Patient message"
Description: "What came in. Without a subject when it is not clear who wrote."
* insert OurDefinition
* extension contains ContactPoints named contactPoints 1..1 MS
* identifier 1..* MS
* identifier ^short = "The provider's id of the message"
* identifier.system 1..1
* identifier.value 1..1
* partOf 0..1 MS
* partOf only Reference(Communication)
* inResponseTo MS
* status MS
* category 1..* MS
* insert Slices(category, value, coding.system)
* category contains message 1..1 MS and intent 0..1 MS
* category[message].coding 1..1
* category[message].coding.system 1..1
* category[message].coding.system = "https://qasid.dev/fhir/CodeSystem/message-category"
* category[message].coding.code 1..1
* category[message].coding.code = #patient-message
* category[intent] from ReplyIntentVS (required)
* category[intent].coding 1..1
* category[intent].coding.system 1..1
* category[intent].coding.system = "https://qasid.dev/fhir/CodeSystem/reply-intent"
* category[intent].coding.code 1..1
* medium 1..1 MS
* medium from MessagingMedium (required)
* subject 0..1 MS
* subject only Reference(Patient)
* sent MS
* sent ^short = "The provider's time"
* received 1..1 MS
* received ^short = "Our clock"
* sender MS
* recipient MS
* payload 1..* MS
* payload.extension contains PayloadRoleExtension named role 0..1 MS
* payload.contentAttachment.extension contains
    FileLostExtension named lost 0..1 MS and
    AnnouncedHash named announcedHash 0..1 MS
