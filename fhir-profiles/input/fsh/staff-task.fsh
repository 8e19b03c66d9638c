Profile: StaffTask
Parent: Task
Id: staff-task
Title: "Staff task"
Description: "What a person has to do because the program may not or cannot."
* insert OurDefinition
* identifier 1..* MS
* insert Slices(identifier, value, system)
* identifier contains key 1..1 MS
* identifier[key] obeys key-1
* identifier[key].system 1..1
* identifier[key].system = $task-key
* identifier[key].value 1..1
* status MS
* intent MS
* intent = #order
* priority MS
* code 1..1 MS
* code from StaffTaskCodeVS (required)
* focus 1..1 MS
* focus ^short = "The message it is about"
* for MS
* for only Reference(Patient)
* for ^short = "Absent when it is not clear who wrote"
* owner MS
* performerType MS
* restriction.period.end ^short = "When it is late"
* output MS
