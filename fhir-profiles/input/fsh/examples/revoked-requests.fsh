// A request that ended with nothing sent, for a reason of each kind.

Instance: request-reminder-revoked
InstanceOf: MessageRequest
Usage: #example
Title: "Revoked because of the visit"
Description: "The visit was moved: a request for the new time took its place."
* insert ExampleReminder(20261121T080000Z)
* insert Revoked(visit-moved, [[The visit was moved to another time.]])

Instance: request-revoked-person
InstanceOf: MessageRequest
Usage: #example
Title: "Revoked because of the person"
Description: "The patient has died."
* insert ExampleReminder(20261122T090000Z)
* insert Revoked(patient-deceased, [[The patient has died.]])

Instance: request-revoked-address
InstanceOf: MessageRequest
Usage: #example
Title: "Revoked because of the address"
Description: "The only number in the chart is a landline."
* insert ExampleManual(7)
* medium = $v3-ParticipationMode#SMSWRIT
* payload.contentString = "Please call us."
* insert Revoked(not-a-mobile, [[The number is a landline and cannot receive this.]])

Instance: request-revoked-permission
InstanceOf: MessageRequest
Usage: #example
Title: "Revoked because the patient said STOP"
Description: "Whatever was still to be sent on that channel ends with the message that says STOP."
* insert ExampleReminder(20261123T090000Z)
* insert Revoked(opted-out, [[The patient opted out.]])

Instance: request-revoked-time
InstanceOf: MessageRequest
Usage: #example
Title: "Revoked because of the time"
Description: "The provider could not be reached until the send window had passed."
* insert ExampleReminder(20261121T081500Z)
* insert Revoked(expired, [[It is too late to be useful.]])

Instance: request-revoked-content
InstanceOf: MessageRequest
Usage: #example
Title: "Revoked because of what it says"
Description: "The template needs a value that nobody gave: half a sentence is not sent."
* insert ExampleReminder(20261124T090000Z)
* insert Revoked(missing-value, [[The template needs a value that is not known.]])

Instance: request-revoked-sender
InstanceOf: MessageRequest
Usage: #example
Title: "Revoked because of the senders"
Description: "No sender of the clinic serves the country of this number."
* insert ExampleManual(8)
* medium = $v3-ParticipationMode#SMSWRIT
* payload.contentString = "Please call us."
* insert Revoked(country-not-served, [[No sender is set up for the country of this number.]])

Instance: request-revoked-provider
InstanceOf: MessageRequest
Usage: #example
Title: "Revoked because it did not arrive"
Description: "Each hop of the routing plan was tried; the attempts say what became of them."
* insert ExampleReminder(20261125T090000Z)
* insert Revoked(undelivered, [[The message was accepted but did not arrive.]])

Instance: request-revoked-staff
InstanceOf: MessageRequest
Usage: #example
Title: "Revoked by staff"
Description: "Withdrawn before it was due."
* insert ExampleManual(9)
* medium = $v3-ParticipationMode#SMSWRIT
* payload.contentString = "Please call us."
* insert Revoked(withdrawn, [[Staff withdrew the message.]])
