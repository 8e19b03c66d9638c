Profile: MessageThread
Parent: Communication
Id: message-thread
Title: "Message thread"
Description: "Header of the conversation with one patient, whatever the channel. The messages are part of it."
* insert OurDefinition
* ^purpose = "Patients change numbers and channels; the conversation is with the person. So it is keyed by organisation and patient, and every message is part of it. What came in after a member of staff last read it is unread for them."
* obeys thr-1
* extension contains ThreadReadState named readState 0..* MS
* identifier 1..1 MS
* identifier obeys key-1
* identifier ^short = "Organisation and patient"
* identifier.system 1..1
* identifier.system = $thread
* identifier.value 1..1
* partOf 0..0
* status MS
* status ^short = "in-progress is open, completed is closed"
* category 1..1 MS
* category ^short = "Tells it from the messages"
* category = Thread#header
* subject 1..1 MS
* subject ^short = "The patient"
* subject only Reference(Patient)
* recipient MS
* recipient ^short = "Who takes part"
* payload 0..0

Invariant: thr-1
Description: "A thread is open (in-progress), closed (completed), or an error."
Severity: #error
Expression: "status = 'in-progress' or status = 'completed' or status = 'entered-in-error'"
