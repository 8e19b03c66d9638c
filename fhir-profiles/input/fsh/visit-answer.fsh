Profile: VisitAnswer
Parent: AppointmentResponse
Id: visit-answer
Title: "Visit answer"
Description: "A patient's yes or no to a visit, read from a message. Written where the visit is, in the host."
* insert OurDefinition
* identifier 1..* MS
* insert Slices(identifier, value, system)
* identifier contains message 1..1 MS
* identifier[message] obeys key-1
* identifier[message] ^short = "The message that it was read from: reading it twice answers once"
* identifier[message].system 1..1
* identifier[message].system = $answer
* identifier[message].value 1..1
* appointment MS
* start MS
* start ^short = "Which start it answers: the visit may be moved later"
* actor 1..1 MS
* actor only Reference(Patient)
* participantStatus MS
* participantStatus from VisitAnswerStatus (required)
* comment 0..0
* comment ^short = "What was written stays in the message"
