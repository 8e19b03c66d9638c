Profile: MessageAudit
Parent: AuditEvent
Id: message-audit
Title: "Message audit"
Description: "That a message was handed over, came in, was not sent, that a consent changed, that content was removed, or that a conversation was opened. References and codes only: no text, no name, no whole address."
* insert OurDefinition
* ^purpose = "Whoever audits sees that something went out, came in or was held back, by whom and why, without reading a word of it. What was said stands in the messages, under their own access rules."
* obeys aud-1 and aud-2
* type MS
* type ^short = "A call of a server or provider"
* type = $audit-event-type#rest
* subtype 1..* MS
* subtype ^short = "What happened, in our words and, where it has them, in HL7's"
* insert Slices(subtype, value, system)
* subtype contains event 1..1 MS
* subtype[event] from AuditedEvent (required)
* subtype[event] ^short = "What happened"
* subtype[event].system 1..1
* subtype[event].system = "https://qasid.dev/fhir/CodeSystem/qasid"
* subtype[event].code 1..1
* action 1..1 MS
* action ^short = "C a message came in, R a conversation was opened, E something was sent or held back, U a consent changed, D content was removed"
* recorded MS
* recorded ^short = "When"
* outcome 1..1 MS
* outcome ^short = "0 it went well, 4 it did not, or was decided against"
* outcomeDesc MS
* outcomeDesc ^short = "The reason in words"
* agent 1..2 MS
* agent ^short = "The program, and whoever had it opened"
* insert Slices(agent, value, requestor)
* agent contains program 1..1 MS and user 0..1 MS
* agent[program] ^short = "The program"
* agent[program].requestor = false
* agent[program].name 1..1
* agent[program].name = "Qasid"
* agent[program].network MS
* agent[program].network ^short = "Where it went"
* agent[program].network.address MS
* agent[program].network.address ^short = "The patient's address, masked"
* agent[program].purposeOfUse 0..1 MS
* agent[program].purposeOfUse from NotSentReasonVS (required)
* agent[program].purposeOfUse ^short = "Why it was not sent"
* agent[user] ^short = "Who opened the patient's messages"
* agent[user].requestor = true
* agent[user].altId 1..1 MS
* agent[user].altId ^short = "The host's subject for the user"
* agent[user].name 0..0
* source.observer MS
* source.observer ^short = "Which part of the clinic's set-up"
* source.observer.display 1..1 MS
* source.observer.display ^short = "Id of the sender, or of the install"
* entity MS
* entity ^short = "What it is about, by reference alone"
* entity.what 1..1 MS
* entity.what ^short = "The patient, the request, the message, the consent: what it is about"
* entity.name 0..0
* entity.description 0..0
* entity.query 0..0
* entity.detail 0..0

Invariant: aud-1
Description: "An address is masked: enough is left to tell two numbers apart, and not enough to write to."
Severity: #error
Expression: "agent.network.address.all($this.contains('•'))"

Invariant: aud-2
Description: "What was blocked says why."
Severity: #error
Expression: "subtype.where(system = 'https://qasid.dev/fhir/CodeSystem/qasid' and code = 'block').exists() implies agent.purposeOfUse.exists()"
