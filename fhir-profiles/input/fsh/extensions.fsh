// All that R4 cannot say. Everything else has a standard home.

Extension: Delivery
Id: delivery
Title: "Delivery"
Description: "What is known of the way of one attempt: the latest state. The versions of the Communication hold those before."
Context: Communication
* insert OurDefinition
* extension ^slicing.rules = #closed
* extension contains
    provider 0..1 and
    sender 0..1 and
    state 1..1 and
    at 1..1 and
    attempt 0..1 and
    calledAt 0..1 and
    refusals 0..1 and
    throttles 0..1 and
    claimedBy 0..1 and
    possibleDuplicate 0..1 and
    segments 0..1 and
    cost 0..1 and
    costSource 0..1 and
    providerCode 0..1 and
    reason 0..1 and
    readAt 0..1 and
    nextAttemptAt 0..1
* extension[provider] ^short = "Id of the company behind the channel"
* extension[provider].value[x] 1..1
* extension[provider].value[x] only code
* extension[sender] ^short = "Id of the sender within the install; not its number"
* extension[sender].value[x] 1..1
* extension[sender].value[x] only code
* extension[state] ^short = "How far it got"
* extension[state].value[x] 1..1
* extension[state].value[x] only code
* extension[state].valueCode from DeliveryStateVS (required)
* extension[at] ^short = "When it got there"
* extension[at].value[x] 1..1
* extension[at].value[x] only dateTime
* extension[attempt] ^short = "Which try this is, from 1"
* extension[attempt].value[x] 1..1
* extension[attempt].value[x] only positiveInt
* extension[refusals] ^short = "How often the provider called our set-up wrong"
* extension[refusals].value[x] 1..1
* extension[refusals].value[x] only positiveInt
* extension[claimedBy] ^short = "A word that only who claimed it knew beforehand"
* extension[claimedBy].value[x] 1..1
* extension[claimedBy].value[x] only id
* extension[throttles] ^short = "How often the provider found us too fast for it"
* extension[throttles].value[x] 1..1
* extension[throttles].value[x] only positiveInt
* extension[calledAt] ^short = "When it was last claimed, just before the provider was called"
* extension[calledAt].value[x] 1..1
* extension[calledAt].value[x] only dateTime
* extension[possibleDuplicate] ^short = "Sent although another attempt may have left: the patient may have it twice"
* extension[possibleDuplicate].value[x] 1..1
* extension[possibleDuplicate].value[x] only boolean
* extension[possibleDuplicate].valueBoolean = true
* extension[segments] ^short = "SMS segments, as the provider counted them"
* extension[segments].value[x] 1..1
* extension[segments].value[x] only positiveInt
* extension[cost] ^short = "What the provider charged"
* extension[cost].value[x] 1..1
* extension[cost].value[x] only Money
* extension[costSource] ^short = "Absent when the provider told the cost itself"
* extension[costSource].value[x] 1..1
* extension[costSource].value[x] only code
* extension[costSource].valueCode = #rate-card
* extension[providerCode] ^short = "The provider's own status or error code"
* extension[providerCode].value[x] 1..1
* extension[providerCode].value[x] only string
* extension[reason] ^short = "Why it did not go out or did not arrive"
* extension[reason].value[x] 1..1
* extension[reason].value[x] only Coding
* extension[reason].valueCoding from NotSentReasonVS (required)
* extension[readAt] ^short = "When the person opened it"
* extension[readAt].value[x] 1..1
* extension[readAt].value[x] only dateTime
* extension[nextAttemptAt] ^short = "When it is tried again"
* extension[nextAttemptAt].value[x] 1..1
* extension[nextAttemptAt].value[x] only dateTime

Extension: ContactPoints
Id: contact-points
Title: "Contact points"
Description: "The addresses that were used: Patient.telecom may change later."
Context: Communication
* insert OurDefinition
* extension ^slicing.rules = #closed
* extension contains to 0..1 and from 0..1
* extension[to] ^short = "Where the message went"
* extension[to].value[x] 1..1
* extension[to].value[x] only ContactPoint
* extension[from] ^short = "Where it came from"
* extension[from].value[x] 1..1
* extension[from].value[x] only ContactPoint

Extension: SendWindow
Id: send-window
Title: "Send window"
Description: "Earliest and last useful moment. Past its end the request is revoked as expired."
Context: CommunicationRequest
* insert OurDefinition
* value[x] 1..1
* value[x] only Period
* valuePeriod.start 1..1
* valuePeriod.end 1..1

Extension: PayloadRoleExtension
Id: payload-role
Title: "Payload role"
Description: "What a payload is for, when it is not the text itself."
Context: CommunicationRequest.payload, Communication.payload
* insert OurDefinition
* value[x] 1..1
* value[x] only code
* valueCode from PayloadRoleVS (required)

Extension: RetryRound
Id: retry-round
Title: "Retry round"
Description: "How often the whole routing plan was begun again after it had failed. Absent at first."
Context: CommunicationRequest
* insert OurDefinition
* value[x] 1..1
* value[x] only positiveInt

Extension: FallbackAfter
Id: fallback-after
Title: "Fallback after"
Description: "The routing plan goes on although the message was handed over: it was not read, or not delivered, within a time from then."
Context: CommunicationRequest
* insert OurDefinition
* extension ^slicing.rules = #closed
* extension contains unread 0..1 and undelivered 0..1 and handedOverAt 0..1
* extension[unread] ^short = "Asked only of channels that tell when a message is read"
* extension[unread].value[x] 1..1
* extension[unread].value[x] only Duration
* extension[undelivered] ^short = "Asked only of channels that tell when a message has arrived"
* extension[undelivered].value[x] 1..1
* extension[undelivered].value[x] only Duration
* extension[handedOverAt] ^short = "Set while the request is active only because it may still go another way"
* extension[handedOverAt].value[x] 1..1
* extension[handedOverAt].value[x] only dateTime

Extension: FileLostExtension
Id: file-lost
Title: "File lost"
Description: "Why a file that a patient sent will never be had."
Context: Attachment
* insert OurDefinition
* value[x] 1..1
* value[x] only code
* valueCode from FileLostVS (required)

Extension: AnnouncedHash
Id: announced-hash
Title: "Announced hash"
Description: "SHA-256 in hex of a file that a patient sent, as the company announced it. Gone once the file is in the store, where Attachment.hash says what it is."
Context: Attachment
* insert OurDefinition
* value[x] 1..1
* value[x] only string

Extension: TemplateContent
Id: template-content
Title: "Template content"
Description: "The wording for one channel and language, with {{ placeholders }}. Repeats."
Context: ActivityDefinition
* insert OurDefinition
* extension ^slicing.rules = #closed
* extension contains channel 1..1 and language 1..1 and body 1..1 and subject 0..1
* extension[channel] ^short = "For which channel"
* extension[channel].value[x] 1..1
* extension[channel].value[x] only code
* extension[channel].valueCode from ChannelVS (required)
* extension[language] ^short = "BCP 47"
* extension[language].value[x] 1..1
* extension[language].value[x] only code
* extension[body] ^short = "What is said"
* extension[body].value[x] 1..1
* extension[body].value[x] only string or markdown
* extension[subject] ^short = "For e-mail"
* extension[subject].value[x] 1..1
* extension[subject].value[x] only string

Extension: TemplateApproval
Id: template-approval
Title: "Template approval"
Description: "What a company said of one wording, in the account of one sender. Repeats."
Context: ActivityDefinition
* insert OurDefinition
* extension ^slicing.rules = #closed
* extension contains sender 1..1 and name 1..1 and language 1..1 and status 1..1 and at 1..1 and id 0..1 and category 0..1 and because 0..1
* extension[sender] ^short = "Id of the sender within the install"
* extension[sender].value[x] 1..1
* extension[sender].value[x] only code
* extension[name] ^short = "As it was submitted"
* extension[name].value[x] 1..1
* extension[name].value[x] only string
* extension[language] ^short = "BCP 47"
* extension[language].value[x] 1..1
* extension[language].value[x] only code
* extension[status] ^short = "What it decided"
* extension[status].value[x] 1..1
* extension[status].value[x] only code
* extension[status].valueCode from ApprovalStatusVS (required)
* extension[at] ^short = "When the status was read"
* extension[at].value[x] 1..1
* extension[at].value[x] only dateTime
* extension[id] ^short = "The company's own id"
* extension[id].value[x] 1..1
* extension[id].value[x] only string
* extension[category] ^short = "As the company sees it"
* extension[category].value[x] 1..1
* extension[category].value[x] only string
* extension[because] ^short = "The company's code for a refusal"
* extension[because].value[x] 1..1
* extension[because].value[x] only string

Extension: ThreadReadState
Id: thread-read-state
Title: "Thread read state"
Description: "Up to when one member of staff has read a conversation. Repeats, once for each person."
Context: Communication
* insert OurDefinition
* extension ^slicing.rules = #closed
* extension contains participant 1..1 and lastReadAt 1..1
* extension[participant] ^short = "Who has read it"
* extension[participant].value[x] 1..1
* extension[participant].value[x] only Reference(Practitioner or PractitionerRole)
* extension[lastReadAt] ^short = "Up to when"
* extension[lastReadAt].value[x] 1..1
* extension[lastReadAt].value[x] only dateTime

Extension: ReplyOptions
Id: reply-options
Title: "Reply options"
Description: "What the patient may answer, in the order shown: an answer is read against what was asked first."
Context: Communication, CommunicationRequest, ActivityDefinition
* insert OurDefinition
* extension ^slicing.rules = #closed
* extension contains option 1..*
* extension[option] ^short = "One answer"
* extension[option].value[x] 1..1
* extension[option].value[x] only code
* extension[option].valueCode from ReplyOption (required)

Extension: SettingsContent
Id: settings-content
Title: "Settings content"
Description: "The clinic settings as JSON, in the program's own schema: Basic has no element for content."
Context: Basic
* insert OurDefinition
* value[x] 1..1
* value[x] only string
