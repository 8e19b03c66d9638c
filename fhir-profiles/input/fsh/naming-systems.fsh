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

Instance: naming-api-call
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(api-call)
* name = "ApiCall"
* description = "One call of the API, by a digest of its idempotency key: the group of all requests that it wrote, and with a place after a hyphen each of them. Creating the first one is the claim of the call."

Instance: naming-request-body
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(request-body)
* name = "RequestBody"
* description = "On the first request of a call of the API: a digest of what was asked, a hyphen, and how many requests it became, so that another body under the same key is seen, and a call that was cut off."

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

Instance: naming-copy-left
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(copy-left)
* name = "CopyLeft"
* description = "On a message or request whose content was removed here: a copy of it elsewhere (the provider's, an older version) is still to be removed. Taken away once it is."

Instance: naming-answer
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(answer)
* name = "AnswerKey"
* description = "Key of what a message brought about, an AppointmentResponse or a Consent: the message itself, so that the same answer twice has one effect."

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

Instance: naming-whatsapp-user-id
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(whatsapp-user-id)
* name = "WhatsAppUserId"
* description = "People who hide their number from WhatsApp, as the business that they write to knows them."

Instance: naming-twilio-message-sid
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(twilio-message-sid)
* name = "TwilioMessageSid"
* description = "Message SIDs of Twilio."

Instance: naming-meta-wamid
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(meta-wamid)
* name = "MetaWamid"
* description = "Message ids of the WhatsApp Cloud API."

Instance: naming-unifonic-message-id
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(unifonic-message-id)
* name = "UnifonicMessageId"
* description = "Message ids of Unifonic."

Instance: naming-aws-message-id
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(aws-message-id)
* name = "AwsMessageId"
* description = "Message ids of AWS End User Messaging."

Instance: naming-smtp-message-id
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(smtp-message-id)
* name = "SmtpMessageId"
* description = "RFC 5322 Message-IDs of e-mails, without their brackets."

Instance: naming-claim
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(claim)
* name = "ClaimKey"
* description = "Which attempt of a request it is, from 0, so that of two workers that would begin the next one, one does."

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

Instance: naming-chart-copy
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(chart-copy)
* name = "ChartCopy"
* description = "On what the EMR's own chart is told: which of our messages it is a copy of, so that none is told twice."

Instance: naming-write-back
InstanceOf: NamingSystem
Usage: #definition
* insert OurNaming(write-back)
* name = "WriteBack"
* description = "On a message in a store beside the EMR: whether the EMR's own chart was told of it (waiting, told, to-correct, corrected, refused)."
