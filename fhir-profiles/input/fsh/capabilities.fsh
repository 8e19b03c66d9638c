// What we need of a server, in the words of a CapabilityStatement. SHALL: we do not work without. SHOULD: we do, with
// less, and the report of an install says with what. MAY: used where it is there. test/capabilities.test.ts holds these
// against the manifest and against what the program asks.

RuleSet: OurNeed(id)
* id = "{id}"
* url = "https://qasid.dev/fhir/CapabilityStatement/{id}"
* version = "0.1.0"
* status = #draft
* experimental = false
* date = "2026-01-01"
* publisher = "Qasid"
* kind = #requirements
* fhirVersion = #4.0.1
* format = #json
* rest.mode = #server

RuleSet: Holds(type, why)
* rest.resource[+].type = #{type}
* rest.resource[=].documentation = "{why}"

RuleSet: HoldsAs(type, profile, why)
* insert Holds({type}, [[{why}]])
* rest.resource[=].supportedProfile = "https://qasid.dev/fhir/StructureDefinition/{profile}"

RuleSet: AlsoAs(profile)
* rest.resource[=].supportedProfile[+] = "https://qasid.dev/fhir/StructureDefinition/{profile}"

RuleSet: CreatesOnce
* rest.resource[=].conditionalCreate = true

RuleSet: Can(code, expectation)
* rest.resource[=].interaction[+].code = #{code}
* rest.resource[=].interaction[=].extension.url = $expectation
* rest.resource[=].interaction[=].extension.valueCode = #{expectation}

RuleSet: FoundBy(name, type, expectation, why)
* rest.resource[=].searchParam[+].name = "{name}"
* rest.resource[=].searchParam[=].type = #{type}
* rest.resource[=].searchParam[=].documentation = "{why}"
* rest.resource[=].searchParam[=].extension.url = $expectation
* rest.resource[=].searchParam[=].extension.valueCode = #{expectation}

RuleSet: Anywhere(name, type, expectation, why)
* rest.searchParam[+].name = "{name}"
* rest.searchParam[=].type = #{type}
* rest.searchParam[=].documentation = "{why}"
* rest.searchParam[=].extension.url = $expectation
* rest.searchParam[=].extension.valueCode = #{expectation}

Instance: capabilities-host
InstanceOf: CapabilityStatement
Usage: #definition
* insert OurNeed(host)
* name = "Host"
* title = "What we need of a host"
* description = "The EMR that we are plugged into: patients, visits and the chart. One that is also the store fulfils the other statement too."
* rest.security.service = $restful-security-service#SMART-on-FHIR
* rest.security.description = "SMART App Launch: the app with the clinician's rights, the worker with its own by private_key_jwt."
* insert Holds(Patient, [[Who is written to, where, and in which language.]])
* insert Can(read, SHALL)
* insert Can(search-type, SHALL)
* insert FoundBy(telecom, token, SHALL, [[Who may have written from this address. Where a server compares to the letter, the usual spellings are asked for together.]])
* insert Holds(Appointment, [[What is reminded of.]])
* insert Can(read, SHALL)
* insert Can(search-type, SHALL)
* insert Can(update, MAY)
* insert FoundBy(date, date, SHALL, [[The sweep of coming visits; from and until.]])
* insert FoundBy(patient, reference, SHALL, [[Coming visits in the chart; and the sweep where the host finds them by patient only.]])
* insert FoundBy(practitioner, reference, MAY, [[The sweep where the host wants one with each date.]])
* insert FoundBy(location, reference, MAY, [[The same.]])
* insert Holds(Practitioner, [[Named in reminders.]])
* insert Can(read, SHOULD)
* insert Can(search-type, SHOULD)
* insert Holds(Location, [[Where a visit is, and its time zone.]])
* insert Can(read, SHOULD)
* insert Can(search-type, SHOULD)
* insert Holds(Consent, [[Consents that the host holds beside a store of ours: they are obeyed, and only the host ends them.]])
* insert Can(read, SHOULD)
* insert Can(search-type, SHOULD)
* insert FoundBy(patient, reference, SHOULD, [[Those of one patient.]])
* insert FoundBy(category, token, SHOULD, [[Those about messages, when changes are asked for.]])
* insert Holds(DocumentReference, [[Documents of the chart that staff send to the patient.]])
* insert Can(read, SHOULD)
* insert Can(search-type, SHOULD)
* insert FoundBy(patient, reference, SHOULD, [[The documents to choose from.]])
* insert FoundBy(status, token, SHOULD, [[Only those that are current.]])
* insert Holds(Binary, [[The bytes of those documents.]])
* insert Can(read, SHOULD)
* insert Holds(CommunicationRequest, [[The host's own opt-outs, requests that say doNotPerform. Without it there are none.]])
* insert Can(search-type, SHOULD)
* insert FoundBy(subject, reference, SHOULD, [[Those about one patient.]])
* insert FoundBy(patient, reference, SHOULD, [[The same for the app.]])
* insert FoundBy(status, token, SHOULD, [[Only those in force.]])
* insert Holds(Communication, [[The host's own record of what was said, where our records stand beside it and it wants to be told.]])
* insert Can(create, MAY)
* insert Can(search-type, MAY)
* insert Can(update, MAY)
* insert FoundBy(identifier, token, MAY, [[Whether the host was told already.]])
* insert FoundBy(patient, reference, MAY, [[The same, where it finds none by their identifier.]])
* insert HoldsAs(AppointmentResponse, visit-answer, [[A patient's yes or no to a visit. Without it staff are told by a Task.]])
* insert Can(create, SHOULD)
* insert Can(search-type, SHOULD)
* insert CreatesOnce
* insert FoundBy(identifier, token, SHOULD, [[One answer for each message.]])
* insert FoundBy(appointment, reference, SHOULD, [[What was answered last, before a question is asked again.]])
* insert HoldsAs(Subscription, notification-subscription, [[To be told when a visit is booked, moved or cancelled. Without it visits are asked for every quarter of an hour.]])
* insert Can(create, SHOULD)
* insert Can(read, SHOULD)
* insert Can(update, SHOULD)
* insert Can(delete, SHOULD)
* insert Can(search-type, SHOULD)
* insert FoundBy(status, token, SHOULD, [[Whether ours is still active.]])
* rest.interaction.code = #batch
* rest.interaction.extension.url = $expectation
* rest.interaction.extension.valueCode = #SHOULD
* rest.interaction.documentation = "Reads of one moment go together. Without it they go one by one."
* insert Anywhere(_lastUpdated, date, SHOULD, [[What changed since it was asked for last, where there is no Subscription.]])
* insert Anywhere(_count, number, SHOULD, [[The size of a page. All pages are read.]])
* insert Anywhere(_sort, string, SHOULD, [[The next visits first, in the app.]])
* insert Anywhere(_summary, token, MAY, [[A Binary is looked at without its bytes.]])

Instance: capabilities-store
InstanceOf: CapabilityStatement
Usage: #definition
* insert OurNeed(store)
* name = "Store"
* title = "What we need of a store"
* description = "The server that keeps our records for an install: the host itself where it can, else any other FHIR R4 server beside it."
* rest.security.description = "By token, by password, or open to this network alone."
* insert HoldsAs(CommunicationRequest, message-request, [[What is to be said.]])
* insert Can(create, SHALL)
* insert Can(read, SHALL)
* insert Can(update, SHALL)
* insert Can(search-type, SHALL)
* rest.resource[=].versioning = #versioned-update
* insert CreatesOnce
* insert FoundBy(identifier, token, SHALL, [[One request for each wish; and by system alone all that are ours.]])
* insert FoundBy(status, token, SHALL, [[Those still to be sent.]])
* insert FoundBy(occurrence, date, SHALL, [[Those that are due.]])
* insert FoundBy(category, token, SHALL, [[Reminders; answers that overtake them.]])
* insert FoundBy(priority, token, SHALL, [[Urgent ones overtake.]])
* insert FoundBy(based-on, reference, SHALL, [[The reminders of a visit.]])
* insert FoundBy(subject, reference, SHALL, [[Those for one patient.]])
* insert FoundBy(patient, reference, SHALL, [[The same for the app.]])
* insert FoundBy(group-identifier, token, SHALL, [[A campaign; a call of the API.]])
* insert HoldsAs(Communication, message-attempt, [[What was said, by whom, and what became of it.]])
* insert AlsoAs(patient-message)
* insert AlsoAs(message-thread)
* insert Can(create, SHALL)
* insert Can(read, SHALL)
* insert Can(update, SHALL)
* insert Can(search-type, SHALL)
* rest.resource[=].versioning = #versioned-update
* insert CreatesOnce
* insert FoundBy(identifier, token, SHALL, [[The attempt of a claim or of a provider's id; and by system alone all attempts.]])
* insert FoundBy(based-on, reference, SHALL, [[The attempts of a request; several requests at once, between commas.]])
* insert FoundBy(status, token, SHALL, [[What is still under way.]])
* insert FoundBy(category, token, SHALL, [[What patients wrote.]])
* insert FoundBy(subject, reference, SHALL, [[The conversation with one patient.]])
* insert FoundBy(patient, reference, SHALL, [[The same for the app.]])
* insert FoundBy(sent, date, SHALL, [[What waits for a receipt; what is old.]])
* insert FoundBy(received, date, SHALL, [[What a patient wrote of late; what is old.]])
* insert HoldsAs(Consent, messaging-consent, [[Whether a patient may be written to.]])
* insert Can(create, SHALL)
* insert Can(read, SHALL)
* insert Can(update, SHALL)
* insert Can(search-type, SHALL)
* rest.resource[=].versioning = #versioned-update
* insert CreatesOnce
* insert FoundBy(patient, reference, SHALL, [[The consents of one patient.]])
* insert FoundBy(identifier, token, SHALL, [[The consents for one address, whoever shares it.]])
* insert FoundBy(status, token, SHALL, [[Those in force.]])
* insert FoundBy(category, token, SHALL, [[Those about messages: whose visits are asked for where the host finds them by patient only.]])
* insert HoldsAs(ActivityDefinition, message-template, [[Message templates, and what companies decided about them.]])
* insert Can(create, SHALL)
* insert Can(read, SHALL)
* insert Can(update, SHALL)
* insert Can(search-type, SHALL)
* insert Can(delete, SHOULD)
* insert CreatesOnce
* insert FoundBy(identifier, token, SHALL, [[One resource for each version.]])
* insert FoundBy(status, token, SHALL, [[Those in use.]])
* insert HoldsAs(Basic, clinic-settings, [[The clinic's settings.]])
* insert Can(create, SHALL)
* insert Can(search-type, SHALL)
* insert Can(delete, SHOULD)
* insert CreatesOnce
* insert FoundBy(identifier, token, SHALL, [[The settings of one install.]])
* insert HoldsAs(Task, staff-task, [[Work for staff.]])
* insert Can(create, SHALL)
* insert Can(read, SHALL)
* insert Can(update, SHALL)
* insert Can(search-type, SHALL)
* insert CreatesOnce
* insert FoundBy(identifier, token, SHALL, [[One for each need.]])
* insert FoundBy(status, token, SHALL, [[Those still open.]])
* insert HoldsAs(Provenance, consent-provenance, [[By which message a consent changed.]])
* insert Can(create, SHALL)
* insert Can(search-type, SHALL)
* insert FoundBy(entity, reference, SHALL, [[Whether a message has been acted on.]])
* insert HoldsAs(AuditEvent, message-audit, [[What was sent, received and blocked.]])
* insert Can(create, SHALL)
* insert Holds(Binary, [[Files that patients send. Without it they stay at the company.]])
* insert Can(create, SHOULD)
* insert Can(read, SHOULD)
* insert Can(update, SHOULD)
* rest.interaction.code = #batch
* rest.interaction.extension.url = $expectation
* rest.interaction.extension.valueCode = #SHOULD
* rest.interaction.documentation = "Claims, outcomes and reads of one moment go together. Without it a campaign costs a request for each."
* insert Anywhere(_lastUpdated, date, SHALL, [[What was written of late.]])
* insert Anywhere(_security, token, SHOULD, [[Leaves out what bears the label REDACTED. Where it is refused, we look at each ourselves.]])
* insert Anywhere(_count, number, SHOULD, [[The size of a page. All pages are read.]])
* insert Anywhere(_sort, string, SHOULD, [[What is due first. Where it is refused, all are read and sorted here.]])
* insert Anywhere(_summary, token, MAY, [[A Binary is looked at without its bytes.]])
