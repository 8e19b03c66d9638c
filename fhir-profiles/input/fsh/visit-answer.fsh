Profile: VisitAnswer
Parent: AppointmentResponse
Id: visit-answer
Title: "Visit answer"
Description: "A patient's yes or no to a visit, read from a message. Written where the visit is, in the host."
* insert OurDefinition
* ^purpose = "A reply of 1 or X to a reminder becomes a fact in the schedule. It says which start was answered, because a visit that moves later is not confirmed. Whether the visit itself is then cancelled is the host's, and the clinic's, to say."
* identifier 1..* MS
* insert Slices(identifier, value, system)
* identifier contains message 1..1 MS
* identifier[message] obeys key-1
* identifier[message] ^short = "The message that it was read from: reading it twice answers once"
* identifier[message].system 1..1
* identifier[message].system = $answer
* identifier[message].value 1..1
* appointment MS
* appointment ^short = "The visit"
* start MS
* start ^short = "Which start it answers: the visit may be moved later"
* actor 1..1 MS
* actor ^short = "The patient who answered"
* actor only Reference(Patient)
* participantStatus MS
* participantStatus ^short = "Yes or no"
* participantStatus from VisitAnswerStatus (required)
* comment 0..0
* comment ^short = "What was written stays in the message"
