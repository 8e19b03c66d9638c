Profile: ConsentProvenance
Parent: Provenance
Id: consent-provenance
Title: "Consent provenance"
Description: "By which message a patient changed a messaging consent. A Consent cannot point at a Communication as its source, so the proof stands beside it."
* insert OurDefinition
* target 1..1 MS
* target only Reference(Consent)
* target ^short = "The consent, in the version that the message made"
* recorded MS
* recorded ^short = "When it was written down"
* activity 1..1 MS
* activity = $v3-DataOperation#UPDATE
* agent 1..1 MS
* agent.type 1..1 MS
* agent.type = $provenance-participant-type#author
* agent.who MS
* agent.who only Reference(Patient)
* agent.who ^short = "Who wrote the message"
* entity 1..1 MS
* entity.role MS
* entity.role = #source
* entity.what MS
* entity.what only Reference(Communication)
* entity.what ^short = "The patient's message; or ours that the provider refused because the patient had opted out there"
