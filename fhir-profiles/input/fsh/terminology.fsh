// Our own codes. Lists that the program holds too are compared with it by test/profiles.test.ts.

CodeSystem: Channel
Id: channel
Title: "Channel"
Description: "The ways to reach a patient. v3-ParticipationMode has no code for WhatsApp alone: APPWRIT could be any chat app."
* insert OurCodes
* #sms "SMS"
* #whatsapp "WhatsApp"
* #email "E-mail"

ValueSet: ChannelVS
Id: channel
Title: "Channel"
Description: "The ways to reach a patient."
* insert OurDefinition
* include codes from system Channel

ValueSet: MessagingMedium
Id: messaging-medium
Title: "Written media"
Description: "How a message travels: the written modes of v3-ParticipationMode. SMSWRIT, MMSWRIT and APPWRIT are newer than the copy of that code system in R4."
* insert OurDefinition
* $v3-ParticipationMode#SMSWRIT
* $v3-ParticipationMode#MMSWRIT
* $v3-ParticipationMode#APPWRIT
* $v3-ParticipationMode#EMAILWRIT

ValueSet: MessagingChannel
Id: messaging-channel
Title: "Channels that a consent can speak of"
Description: "The written media, and calls and letters, which a consent may permit or deny in the same words."
* insert OurDefinition
* include codes from valueset MessagingMedium
* $v3-ParticipationMode#PHONE
* $v3-ParticipationMode#MAILWRIT

CodeSystem: ConsentCategory
Id: consent-category
Title: "Consent category"
Description: "Marks a Consent that says whether a patient may be written to."
* insert OurCodes
* #messaging "Messaging consent"

CodeSystem: Mark
Id: mark
Title: "Mark"
Description: "Tags on a message: those that staff put there, and ours."
* insert OurCodes
* #starred "Starred"
* #unproven "Unproven" "Nothing shows that it is from whom it says: it is kept and shown, but changes nothing."

CodeSystem: MessageCategory
Id: message-category
Title: "Message category"
Description: "What kind of message it is; consents and quiet hours are judged by it."
* insert OurCodes
* #reminder "Reminder of a visit"
* #conversation "Written by staff"
* #auto-reply "Automatic answer"
* #consent-confirmation "Confirmation of STOP or START"
* #patient-message "Written by the patient"

ValueSet: MessageCategoryVS
Id: message-category
Title: "Message category"
Description: "What kind of message it is."
* insert OurDefinition
* include codes from system MessageCategory

CodeSystem: DeliveryState
Id: delivery-state
Title: "Delivery state"
Description: "How far an attempt got. It only moves forward, except that a carrier's late delivered may follow undelivered."
* insert OurCodes
* #claimed "Claimed" "Written before the provider is called, or waiting for a retry before acceptance."
* #queued "Queued" "The provider took it."
* #sent "Sent" "The provider handed it to the carrier."
* #relay-accepted "Accepted by the relay" "A mail relay took it, and nothing more can be known. Never shown as delivered."
* #delivered "Delivered" "It reached the phone or mailbox."
* #read "Read" "The person opened it."
* #undelivered "Undelivered" "It was handed over but did not arrive."
* #failed "Failed" "The provider refused it or gave up."
* #not-sent "Not sent" "Decided against, before any provider was called."
* #unknown "Unknown" "The answer, or the receipt, was never seen."

ValueSet: DeliveryStateVS
Id: delivery-state
Title: "Delivery state"
Description: "How far an attempt got."
* insert OurDefinition
* include codes from system DeliveryState

CodeSystem: PayloadRole
Id: payload-role
Title: "Payload role"
Description: "What a payload is for, when it is not the text itself."
* insert OurCodes
* #parameters "Template parameters" "JSON with the values that the template needs."
* #reaction "Reaction" "An emoji put on the message that is answered."

ValueSet: PayloadRoleVS
Id: payload-role
Title: "Payload role"
Description: "What a payload is for, when it is not the text itself."
* insert OurDefinition
* include codes from system PayloadRole

CodeSystem: ApprovalStatus
Id: approval-status
Title: "Approval status"
Description: "What a company decided about a wording."
* insert OurCodes
* #pending "Waiting for its decision"
* #approved "May be sent at any time"
* #rejected "Refused"
* #paused "Held back for a while, because patients complained"
* #disabled "No longer to be used"

ValueSet: ApprovalStatusVS
Id: approval-status
Title: "Approval status"
Description: "What a company decided about a wording."
* insert OurDefinition
* include codes from system ApprovalStatus

CodeSystem: FileLost
Id: file-lost
Title: "File lost"
Description: "Why a file that a patient sent will never be had."
* insert OurCodes
* #gone "The company no longer has it"
* #too-large "It is larger than what is taken"
* #altered "It is not the file that was announced"
* #type-not-taken "Files of this kind are not taken"

ValueSet: FileLostVS
Id: file-lost
Title: "File lost"
Description: "Why a file that a patient sent will never be had."
* insert OurDefinition
* include codes from system FileLost

CodeSystem: QasidRecord
Id: qasid
Title: "Records and events of Qasid's own"
Description: "What a Basic resource of ours holds, and what an AuditEvent of ours tells of."
* insert OurCodes
* #settings "Clinic settings"
* #transmit "A message was handed to a provider"
* #receive "A message came in"
* #block "A message was not sent"
* #consent-change "A messaging consent was changed"
* #redact "The content of messages was removed"
* #open "A patient's messages were opened"

ValueSet: AuditedEvent
Id: audited-event
Title: "Audited event"
Description: "What an AuditEvent of ours tells of."
* insert OurDefinition
* QasidRecord#transmit
* QasidRecord#receive
* QasidRecord#block
* QasidRecord#consent-change
* QasidRecord#redact
* QasidRecord#open

ValueSet: MessagingPurpose
Id: messaging-purpose
Title: "Messaging purpose"
Description: "Why a patient is written to; a consent lists the purposes that it permits."
* insert OurDefinition
* $v3-ActReason#PATADMIN "patient administration"
* $v3-ActReason#CAREMGT "care management"
* $v3-ActReason#HPAYMT "healthcare payment"
* $v3-ActReason#HMARKT "healthcare marketing"
* $v3-ActReason#PATRQT "patient requested"

ValueSet: VisitAnswerStatus
Id: visit-answer-status
Title: "Visit answer status"
Description: "The two answers to a visit that a message can give."
* insert OurDefinition
* $participationstatus#accepted "Accepted"
* $participationstatus#declined "Declined"

CodeSystem: ReplyIntent
Id: reply-intent
Title: "Reply intent"
Description: "What a patient's message was understood to ask for."
* insert OurCodes
* #confirm "Confirm the visit"
* #cancel "Cancel the visit"
* #reschedule "Move the visit"
* #stop "Stop writing to me"
* #start "Write to me again"
* #help "Help"
* #unclear "Not understood"

ValueSet: ReplyIntentVS
Id: reply-intent
Title: "Reply intent"
Description: "What a patient's message was understood to ask for."
* insert OurDefinition
* include codes from system ReplyIntent

ValueSet: ReplyOption
Id: reply-option
Title: "Reply option"
Description: "What a patient may answer to a message."
* insert OurDefinition
* ReplyIntent#confirm
* ReplyIntent#cancel

CodeSystem: StaffTaskCode
Id: task
Title: "Work for staff"
Description: "What a person has to do because the program may not or cannot."
* insert OurCodes
* #respond "Answer the patient"
* #match-sender "Find out who wrote this"
* #update-schedule "Update the schedule"
* #call-patient "Call the patient"
* #fix-contact "Correct the contact details"
* #fix-sender "Correct how a sender is set up"
* #unknown-outcome "Find out whether this message was sent"

ValueSet: StaffTaskCodeVS
Id: task
Title: "Work for staff"
Description: "What a person has to do because the program may not or cannot."
* insert OurDefinition
* include codes from system StaffTaskCode

CodeSystem: Thread
Id: thread
Title: "Thread"
Description: "Tells the header of a conversation from the messages in it."
* insert OurCodes
* #header "Conversation"
