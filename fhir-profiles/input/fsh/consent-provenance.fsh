Profile: ConsentProvenance
Parent: Provenance
Id: consent-provenance
Title: "Consent provenance"
Description: "By which message a patient changed a messaging consent. A Consent cannot point at a Communication as its source, so the proof stands beside it."
* insert OurDefinition
* ^purpose = "STOP and START are words of the patient, and later somebody asks who changed this. The message is the evidence; it stays in the conversation, and this says which version of which consent it made."
* target 1..1 MS
* target only Reference(Consent)
* target ^short = "The consent, in the version that the message made"
* recorded MS
* recorded ^short = "When it was written down"
* activity 1..1 MS
* activity ^short = "A change"
* activity = $v3-DataOperation#UPDATE
* agent 1..1 MS
* agent ^short = "The patient"
* agent.type 1..1 MS
* agent.type ^short = "As its author"
* agent.type = $provenance-participant-type#author
* agent.who MS
* agent.who only Reference(Patient)
* agent.who ^short = "Who wrote the message"
* entity 1..1 MS
* entity ^short = "The evidence"
* entity.role MS
* entity.role ^short = "It is the source"
* entity.role = #source
* entity.what MS
* entity.what only Reference(Communication)
* entity.what ^short = "The patient's message; or ours that the provider refused because the patient had opted out there"
