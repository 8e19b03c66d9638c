// Attempts in each state of the engine.

RuleSet: ExampleAttempt(id, provider, at)
* identifier[attempt].value = "{id}"
* extension[delivery].extension[provider].valueCode = #{provider}
* extension[delivery].extension[sender].valueCode = #clinic-sms
* extension[delivery].extension[at].valueDateTime = "{at}"
* extension[delivery].extension[attempt].valuePositiveInt = 1
* instantiatesCanonical = "https://qasid.dev/fhir/ActivityDefinition/visit-reminder|1"
* basedOn = Reference(CommunicationRequest/request-reminder-active)
* partOf = Reference(Communication/thread-open)
* category[0] = MessageCategory#reminder
* subject = Reference(Patient/patient-example)
* recipient = Reference(Patient/patient-example)

RuleSet: ExampleBySms
* extension[contactPoints].extension[to].valueContactPoint.system = #sms
* extension[contactPoints].extension[to].valueContactPoint.value = "+15555550123"
* extension[contactPoints].extension[from].valueContactPoint.system = #sms
* extension[contactPoints].extension[from].valueContactPoint.value = "+15550100001"
* medium = $v3-ParticipationMode#SMSWRIT
* payload.contentString = "Your visit is on Saturday 21 November at 12:00. Reply 1 to confirm, X to cancel."

RuleSet: ExampleProviderId(id)
* identifier[1].system = $sandbox-message-id
* identifier[1].value = "{id}"

Instance: attempt-claimed
InstanceOf: MessageAttempt
Usage: #example
Title: "Claimed"
Description: "Written before the provider is called, so that of two workers one goes on. Here the provider could not be reached, and it is called again in half a minute."
* insert ExampleAttempt(attempt-claimed-example, sandbox, [[2026-11-20T09:00:01Z]])
* insert ExampleBySms
* extension[delivery].extension[state].valueCode = #claimed
* extension[delivery].extension[nextAttemptAt].valueDateTime = "2026-11-20T09:00:31Z"
* extension[replyOptions].extension[option][0].valueCode = #confirm
* status = #preparation

Instance: attempt-sent
InstanceOf: MessageAttempt
Usage: #example
Title: "Handed to the carrier"
Description: "The provider took it, and gave it to the carrier: it counted two segments and told the price."
* insert ExampleAttempt(attempt-sent-example, sandbox, [[2026-11-20T09:00:02Z]])
* insert ExampleBySms
* insert ExampleProviderId(SB0001)
* extension[delivery].extension[state].valueCode = #sent
* extension[delivery].extension[segments].valuePositiveInt = 2
* extension[delivery].extension[cost].valueMoney.value = 0.015
* extension[delivery].extension[cost].valueMoney.currency = #XTS
* status = #in-progress
* sent = "2026-11-20T09:00:02Z"

Instance: attempt-delivered
InstanceOf: MessageAttempt
Usage: #example
Title: "Delivered"
Description: "It reached the phone, and received says when."
* insert ExampleAttempt(attempt-delivered-example, sandbox, [[2026-11-20T09:00:04Z]])
* insert ExampleBySms
* insert ExampleProviderId(SB0002)
* extension[delivery].extension[state].valueCode = #delivered
* status = #completed
* sent = "2026-11-20T09:00:02Z"
* received = "2026-11-20T09:00:04Z"

Instance: attempt-read
InstanceOf: MessageAttempt
Usage: #example
Title: "Read"
Description: "Only some channels tell. In Arabic, as rendered."
* insert ExampleAttempt(attempt-read-example, sandbox, [[2026-11-20T09:05:00Z]])
* extension[contactPoints].extension[to].valueContactPoint.system = #phone
* extension[contactPoints].extension[to].valueContactPoint.value = "+15555550123"
* medium.coding[0] = $v3-ParticipationMode#APPWRIT
* medium.coding[1] = Channel#whatsapp
* payload.contentString = "موعدك يوم السبت ٢١ نوفمبر الساعة ١٢:٠٠."
* insert ExampleProviderId(SB0003)
* extension[delivery].extension[state].valueCode = #read
* extension[delivery].extension[readAt].valueDateTime = "2026-11-20T09:05:00Z"
* status = #completed
* sent = "2026-11-20T09:00:02Z"
* received = "2026-11-20T09:00:04Z"

Instance: attempt-file
InstanceOf: MessageAttempt
Usage: #example
Title: "A document, sent"
Description: "The bytes stay in the chart; the message says which document it was."
* insert ExampleAttempt(attempt-file-example, sandbox, [[2026-11-20T09:05:00Z]])
* extension[contactPoints].extension[to].valueContactPoint.system = #phone
* extension[contactPoints].extension[to].valueContactPoint.value = "+15555550123"
* medium.coding[0] = $v3-ParticipationMode#APPWRIT
* medium.coding[1] = Channel#whatsapp
* payload[0].contentAttachment.url = "DocumentReference/letter-example"
* payload[0].contentAttachment.contentType = #application/pdf
* payload[0].contentAttachment.title = "letter.pdf"
* payload[1].contentString = "Your letter, as you asked."
* insert ExampleProviderId(SB0009)
* extension[delivery].extension[state].valueCode = #sent
* status = #in-progress
* sent = "2026-11-20T09:05:00Z"

Instance: attempt-relay-accepted
InstanceOf: MessageAttempt
Usage: #example
Title: "Accepted by a mail relay"
Description: "E-mail ends here: nothing more can be known, so there is no received, and nobody is told that it was delivered."
* insert ExampleAttempt(attempt-relay-example, smtp, [[2026-11-20T09:00:04Z]])
* extension[contactPoints].extension[to].valueContactPoint.system = #email
* extension[contactPoints].extension[to].valueContactPoint.value = "sara@mail.example"
* medium = $v3-ParticipationMode#EMAILWRIT
* payload.contentString = "Your visit is on Saturday 21 November at 12:00."
* extension[delivery].extension[state].valueCode = #relay-accepted
* status = #completed
* sent = "2026-11-20T09:00:02Z"

Instance: attempt-failed
InstanceOf: MessageAttempt
Usage: #example
Title: "Undelivered"
Description: "The carrier gave up after the provider had accepted it: the next hop of the routing plan is a new attempt."
* insert ExampleAttempt(attempt-failed-example, sandbox, [[2026-11-20T09:00:09Z]])
* insert ExampleBySms
* insert ExampleProviderId(SB0004)
* extension[delivery].extension[state].valueCode = #undelivered
* extension[delivery].extension[providerCode].valueString = "30005"
* extension[delivery].extension[reason].valueCoding = NotSentReason#undelivered
* status = #stopped
* statusReason = NotSentReason#undelivered
* sent = "2026-11-20T09:00:02Z"

Instance: attempt-not-done
InstanceOf: MessageAttempt
Usage: #example
Title: "Never sent"
Description: "Decided against before any provider was called. HL7 has a word for some of our reasons: it stands beside ours."
* insert ExampleAttempt(attempt-not-done-example, sandbox, [[2026-11-20T09:00:00Z]])
* extension[delivery].extension[state].valueCode = #not-sent
* extension[delivery].extension[reason].valueCoding = NotSentReason#no-consent
* status = #not-done
* statusReason.coding[0] = $communication-not-done-reason#patient-objection
* statusReason.coding[1] = NotSentReason#no-consent
* statusReason.text = "There is no consent for this channel."

Instance: attempt-unknown
InstanceOf: MessageAttempt
Usage: #example
Title: "Answer never seen"
Description: "The connection broke after the message had left. Nobody sends it again blindly."
* insert ExampleAttempt(attempt-unknown-example, sandbox, [[2026-11-20T09:00:25Z]])
* insert ExampleBySms
* extension[delivery].extension[state].valueCode = #unknown
* status = #unknown
* statusReason = NotSentReason#no-answer

Instance: attempt-queued
InstanceOf: MessageAttempt
Usage: #example
Title: "Accepted"
Description: "The provider took it, under an id of its own by which its events are known. The claim says which attempt of the request it is."
* insert ExampleAttempt(attempt-queued-example, sandbox, [[2026-11-20T09:00:02Z]])
* insert ExampleBySms
* insert ExampleProviderId(SB0010)
* identifier[2].system = $claim
* identifier[2].value = "request-reminder-active_0"
* extension[delivery].extension[state].valueCode = #queued
* extension[delivery].extension[calledAt].valueDateTime = "2026-11-20T09:00:01Z"
* status = #in-progress
* sent = "2026-11-20T09:00:02Z"

Instance: attempt-refused
InstanceOf: MessageAttempt
Usage: #example
Title: "Failed"
Description: "The provider refused it at once, and said by a code of its own why."
* insert ExampleAttempt(attempt-refused-example, sandbox, [[2026-11-20T09:00:02Z]])
* insert ExampleBySms
* extension[delivery].extension[state].valueCode = #failed
* extension[delivery].extension[providerCode].valueString = "21211"
* extension[delivery].extension[reason].valueCoding = NotSentReason#invalid-recipient
* status = #stopped
* statusReason = NotSentReason#invalid-recipient "The provider says that this address does not exist."
* statusReason.text = "The provider says that this address does not exist."

Instance: attempt-no-receipt
InstanceOf: MessageAttempt
Usage: #example
Title: "No receipt"
Description: "The provider accepted it, and no delivery receipt came within its time. A late one is still taken."
* insert ExampleAttempt(attempt-no-receipt-example, sandbox, [[2026-11-23T09:00:02Z]])
* insert ExampleBySms
* insert ExampleProviderId(SB0011)
* extension[delivery].extension[state].valueCode = #unknown
* status = #unknown
* statusReason = NotSentReason#no-receipt "No delivery receipt came in time."
* statusReason.text = "No delivery receipt came in time."
* sent = "2026-11-20T09:00:02Z"

Instance: attempt-once-more
InstanceOf: MessageAttempt
Usage: #example
Title: "Perhaps the second copy"
Description: "Another attempt may have left; what was urgent went once more, and whoever looks is told that the patient may have it twice."
* insert ExampleAttempt(attempt-once-more-example, sandbox, [[2026-11-20T09:02:04Z]])
* insert ExampleBySms
* insert ExampleProviderId(SB0012)
* extension[delivery].extension[state].valueCode = #delivered
* extension[delivery].extension[possibleDuplicate].valueBoolean = true
* status = #completed
* sent = "2026-11-20T09:02:02Z"
* received = "2026-11-20T09:02:04Z"

Instance: attempt-redacted
InstanceOf: MessageAttempt
Usage: #example
Title: "Delivered long ago, its words removed"
Description: "Text, files and subject are gone, the patient's address is masked; that it was sent, when, and what became of it stays."
* insert ExampleAttempt(attempt-redacted-example, sandbox, [[2026-08-01T09:00:04Z]])
* meta.security = $v3-ObservationValue#REDACTED "redacted"
* insert ExampleProviderId(SB0013)
* extension[contactPoints].extension[to].valueContactPoint.system = #sms
* extension[contactPoints].extension[to].valueContactPoint.value = "+1555•••••123"
* extension[contactPoints].extension[from].valueContactPoint.system = #sms
* extension[contactPoints].extension[from].valueContactPoint.value = "+15550100001"
* medium = $v3-ParticipationMode#SMSWRIT
* payload.contentAttachment.extension.url = $data-absent-reason
* payload.contentAttachment.extension.valueCode = #masked
* extension[delivery].extension[state].valueCode = #delivered
* status = #completed
* sent = "2026-08-01T09:00:02Z"
* received = "2026-08-01T09:00:04Z"
