Profile: StaffTask
Parent: Task
Id: staff-task
Title: "Staff task"
Description: "What a person has to do because the program may not or cannot."
* insert OurDefinition
* ^purpose = "The program does only what is sure. Where a person has to look, it writes what is to be done and what it is about, and closes it again when the need goes away."
* identifier 1..* MS
* insert Slices(identifier, value, system)
* identifier contains key 1..1 MS
* identifier[key] obeys key-1
* identifier[key] ^short = "Made of its code and what it is about, so that the same need twice is one task"
* identifier[key].system 1..1
* identifier[key].system = $task-key
* identifier[key].value 1..1
* status MS
* status ^short = "requested until somebody takes it; cancelled when the need went away"
* intent MS
* intent ^short = "It is to be done"
* intent = #order
* priority MS
* priority ^short = "How soon, beside the other work"
* code 1..1 MS
* code ^short = "What is to be done"
* code from StaffTaskCodeVS (required)
* focus 1..1 MS
* focus ^short = "The message it is about"
* for MS
* for only Reference(Patient)
* for ^short = "Absent when it is not clear who wrote"
* owner MS
* owner ^short = "Who does it"
* performerType MS
* performerType ^short = "Or who may"
* restriction.period.end ^short = "When it is late"
* output MS
* output ^short = "What came of it"
