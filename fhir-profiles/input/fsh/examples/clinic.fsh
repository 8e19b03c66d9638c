// The settings of a clinic, and what is written about what happened there.

Instance: clinic-settings-example
InstanceOf: ClinicSettings
Usage: #example
Title: "One install"
Description: "The settings are JSON in the schema of the program; their history is the history of this resource."
* identifier.value = "sample-clinic"
* extension[content].valueString = "{\"clinic\":\"Sample Clinic\",\"organization\":\"Organization/organization-example\",\"zone\":\"Asia/Riyadh\",\"country\":\"SA\",\"language\":\"ar\",\"rules\":[],\"remindChangesSince\":\"2026-11-20T05:00:00Z\"}"
* author = Reference(Practitioner/practitioner-example)
* created = "2026-11-20"

RuleSet: ExampleAudit(event, action)
* type = $audit-event-type#rest "RESTful Operation"
* subtype[event].code = #{event}
* action = #{action}
* recorded = "2026-11-20T09:00:02Z"
* outcome = #0
* agent[program].requestor = false
* agent[program].name = "Qasid"
* source.observer.display = "clinic-sms"
* entity[0].what = Reference(Patient/patient-example)

Instance: audit-transmit
InstanceOf: MessageAudit
Usage: #example
Title: "A message was handed over"
Description: "To which number is told by its ends."
* insert ExampleAudit(transmit, E)
* agent[program].network.address = "+1555•••••123"
* entity[1].what = Reference(Communication/attempt-sent)

Instance: audit-receive
InstanceOf: MessageAudit
Usage: #example
Title: "A message came in"
Description: "Which one, and from which patient."
* insert ExampleAudit(receive, C)
* entity[1].what = Reference(Communication/patient-message-confirm)

Instance: audit-block
InstanceOf: MessageAudit
Usage: #example
Title: "A message was not sent"
Description: "The reason stands in our code and in words."
* insert ExampleAudit(block, E)
* outcome = #4
* outcomeDesc = "There is no consent for this channel."
* agent[program].purposeOfUse = NotSentReason#no-consent
* entity[1].what = Reference(Communication/attempt-not-done)

Instance: audit-consent-change
InstanceOf: MessageAudit
Usage: #example
Title: "A consent was changed"
Description: "The consent, and the message that changed it."
* insert ExampleAudit(consent-change, U)
* entity[1].what = Reference(Consent/consent-stop)
* entity[2].what = Reference(Communication/patient-message-stop)

Instance: audit-redact
InstanceOf: MessageAudit
Usage: #example
Title: "Content was removed"
Description: "Of which messages; HL7's own word for it stands beside ours."
* insert ExampleAudit(redact, D)
* subtype[1] = $lifecycle#destroy
* source.observer.display = "sample-clinic"
* entity[1].what = Reference(Communication/attempt-redacted)

Instance: audit-open
InstanceOf: MessageAudit
Usage: #example
Title: "A conversation was opened"
Description: "By whom, in the host's own word for the user; only where our records stand beside the host, which audits its own."
* insert ExampleAudit(open, R)
* agent[user].requestor = true
* agent[user].altId = "user-17"
* source.observer.display = "sample-clinic"

Instance: answer-accepted
InstanceOf: VisitAnswer
Usage: #example
Title: "Yes"
Description: "Read from a message that answered our question about this start."
* identifier[message].value = "Communication-patient-message-confirm"
* appointment = Reference(Appointment/appointment-example)
* start = "2026-11-21T09:00:00Z"
* actor = Reference(Patient/patient-example)
* participantStatus = #accepted

Instance: answer-declined
InstanceOf: VisitAnswer
Usage: #example
Title: "No"
Description: "The patient is told that the visit is cancelled only when the host says so."
* identifier[message].value = "Communication-patient-message-decline"
* appointment = Reference(Appointment/appointment-example)
* start = "2026-11-21T09:00:00Z"
* actor = Reference(Patient/patient-example)
* participantStatus = #declined

Instance: subscription-visits
InstanceOf: NotificationSubscription
Usage: #example
Title: "Tell us of visits"
Description: "As we ask for it; the host makes it active."
* status = #requested
* reason = "Qasid plans reminders for visits"
* criteria = "Appointment?status=proposed,pending,booked,arrived,fulfilled,cancelled,noshow,entered-in-error,checked-in,waitlist"
* channel.type = #rest-hook
* channel.endpoint = "https://qasid.clinic.example/notify/sample-clinic/appointments"
* channel.payload = #application/fhir+json
* channel.header = "x-qasid-secret: not-a-real-one"
