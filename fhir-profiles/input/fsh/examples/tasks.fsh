// Work for staff, of each kind.

RuleSet: ExampleTask(code, focus, words)
* identifier[key].value = "{code}_Communication-{focus}"
* status = #requested
* code = StaffTaskCode#{code} "{words}"
* focus = Reference(Communication/{focus})
* authoredOn = "2026-11-20T09:10:02Z"

Instance: task-respond
InstanceOf: StaffTask
Usage: #example
Title: "Answer the patient"
Description: "A message that is no answer to a question, and none of the known words."
* insert ExampleTask(respond, patient-message-files, [[Answer the patient]])
* for = Reference(Patient/patient-example)
* owner = Reference(Practitioner/practitioner-example)

Instance: task-match-sender
InstanceOf: StaffTask
Usage: #example
Title: "Find out who wrote this"
Description: "No patient is named, because it is not clear which."
* insert ExampleTask(match-sender, patient-message-unassigned, [[Find out who wrote this]])

Instance: task-update-schedule
InstanceOf: StaffTask
Usage: #example
Title: "Update the schedule"
Description: "The patient said something about a visit, and the host takes no change from us: staff see to it."
* insert ExampleTask(update-schedule, patient-message-confirm, [[Update the schedule]])
* for = Reference(Patient/patient-example)
* restriction.period.end = "2026-11-20T17:00:00Z"

Instance: task-call-patient
InstanceOf: StaffTask
Usage: #example
Title: "Call the patient"
Description: "Nothing written reached the patient. It was done."
* insert ExampleTask(call-patient, attempt-failed, [[Call the patient]])
* status = #completed
* for = Reference(Patient/patient-example)

Instance: task-fix-contact
InstanceOf: StaffTask
Usage: #example
Title: "Correct the contact details"
Description: "The provider says that there is no such number."
* insert ExampleTask(fix-contact, attempt-refused, [[Correct the contact details]])
* for = Reference(Patient/patient-example)

Instance: task-unknown-outcome
InstanceOf: StaffTask
Usage: #example
Title: "Find out whether this message was sent"
Description: "It became known later: nobody has to do it any more."
* insert ExampleTask(unknown-outcome, attempt-unknown, [[Find out whether this message was sent]])
* status = #cancelled
* for = Reference(Patient/patient-example)

Instance: task-fix-sender
InstanceOf: StaffTask
Usage: #example
Title: "Correct how a sender is set up"
Description: "The provider refuses the sender's password. It is about the clinic's settings, and no patient."
* identifier[key].value = "fix-sender_clinic-sms"
* status = #requested
* code = StaffTaskCode#fix-sender "Correct how a sender is set up"
* description = "The provider does not take the sender's credentials."
* focus = Reference(Basic/clinic-settings-example)
* authoredOn = "2026-11-20T09:10:02Z"
