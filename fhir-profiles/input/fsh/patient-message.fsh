Profile: PatientMessage
Parent: Communication
Id: patient-message
Title: "Patient message"
Description: "What came in. Without a subject when it is not clear who wrote."
* insert OurDefinition
* ^purpose = "It is in the store before the provider is told that we have it. Who wrote it is decided from the address and from what was asked: exactly one patient, or nobody, and then staff find out. It is never dropped, and never given to the first who matches."
* extension contains ContactPoints named contactPoints 1..1 MS
* identifier 1..* MS
* identifier ^short = "The provider's id of the message"
* identifier.system 1..1
* identifier.value 1..1
* partOf 0..1 MS
* partOf ^short = "The thread, once it is clear who wrote"
* partOf only Reference(Communication)
* inResponseTo MS
* inResponseTo ^short = "The message that it answers; where the patient quoted one, the provider's id of it"
* status MS
* status ^short = "in-progress until its consequences are drawn, then completed"
* category 1..* MS
* insert Slices(category, value, coding.system)
* category contains message 1..1 MS and intent 0..1 MS
* category[message] ^short = "Written by the patient"
* category[message].coding 1..1
* category[message].coding.system 1..1
* category[message].coding.system = "https://qasid.dev/fhir/CodeSystem/message-category"
* category[message].coding.code 1..1
* category[message].coding.code = #patient-message
* category[intent] from ReplyIntentVS (required)
* category[intent] ^short = "What it was understood to ask for"
* category[intent].coding 1..1
* category[intent].coding.system 1..1
* category[intent].coding.system = "https://qasid.dev/fhir/CodeSystem/reply-intent"
* category[intent].coding.code 1..1
* medium 1..1 MS
* medium ^short = "The channel that it came by"
* medium from MessagingMedium (required)
* subject 0..1 MS
* subject ^short = "The patient, when exactly one can have written it"
* subject only Reference(Patient)
* sent MS
* sent ^short = "The provider's time"
* received 1..1 MS
* received ^short = "Our clock"
* sender MS
* sender ^short = "The same"
* recipient MS
* recipient ^short = "Not said by us: the addresses tell where it came in"
* payload 1..* MS
* payload ^short = "Words, files, or an emoji"
* payload.extension contains PayloadRoleExtension named role 0..1 MS
* payload.contentAttachment.extension contains
    FileLostExtension named lost 0..1 MS and
    AnnouncedHash named announcedHash 0..1 MS
