// Identifier systems. R4 demands a date on a NamingSystem: it is the day the name was given.

RuleSet: OurNaming(id)
* id = "{id}"
* status = #active
* kind = #identifier
* date = "2026-01-01"
* publisher = "Qasid"
* uniqueId.type = #uri
* uniqueId.value = "https://qasid.dev/fhir/NamingSystem/{id}"
* uniqueId.preferred = true

Instance: naming-request-key
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(request-key)
* name = "RequestKey"
* description = "Key of a CommunicationRequest, made from what it is about, so that the same wish twice is one request."

Instance: naming-attempt-id
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(attempt-id)
* name = "AttemptId"
* description = "Our id of one attempt, made from request, hop and try. Creating the Communication under it is the claim."

Instance: naming-consent-address
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(consent-address)
* name = "ConsentAddress"
* description = "What a messaging consent holds for: channel, colon, E.164 number or mailbox."

Instance: naming-answer
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(answer)
* name = "AnswerKey"
* description = "Key of an AppointmentResponse: the message that it was read from, so that the same answer twice has one effect."

Instance: naming-task-key
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(task-key)
* name = "TaskKey"
* description = "Key of a Task, made from its code and what it is about, so that the same need twice is one task."

Instance: naming-thread
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(thread)
* name = "ThreadKey"
* description = "Organisation and patient of a conversation."

Instance: naming-sandbox-message-id
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(sandbox-message-id)
* name = "SandboxMessageId"
* description = "Message ids of the sandbox's carrier."

Instance: naming-settings
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(settings)
* name = "SettingsKey"
* description = "The install whose clinic settings a Basic resource holds."

Instance: naming-template
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(template)
* name = "TemplateKey"
* description = "Name and version of a message template, so that each version is one ActivityDefinition."
