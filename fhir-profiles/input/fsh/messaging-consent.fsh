Profile: MessagingConsent
Parent: Consent
Id: messaging-consent
Title: "Messaging consent"
Description: "May we write to this patient, on this channel, at this address? One Consent for each."
* insert OurDefinition
* ^purpose = "Nobody is written to without one, unless the clinic says otherwise for care. A permit names purposes and may leave out kinds of messages; a STOP denies everything on its channel and address. A change is a new resource; the old one becomes inactive, and a Provenance names the message that did it."
* obeys msg-1 and msg-2
* identifier 1..* MS
* insert Slices(identifier, value, system)
* identifier contains address 1..1 MS
* identifier[address] obeys key-1
* identifier[address] ^short = "Channel, colon, address"
* identifier[address].system 1..1
* identifier[address].system = $consent-address
* identifier[address].value 1..1
* status MS
* status ^short = "active holds; inactive was replaced, and is kept"
* scope = $consentscope#patient-privacy
* insert Slices(category, pattern, $this)
* category contains loinc 1..1 MS and messaging 1..1 MS
* category[loinc] = $loinc#59284-0
* category[loinc] ^short = "A consent document"
* category[messaging] = ConsentCategory#messaging
* category[messaging] ^short = "About messages"
* patient 1..1 MS
* patient ^short = "Who decided"
* dateTime 1..1 MS
* dateTime ^short = "When they decided: the latest holds, and deny wins a tie"
* policy MS
* policy ^short = "What it rests on"
* policy.uri MS
* policy.uri ^short = "The wording agreed to"
* policyRule 1..1 MS
* policyRule ^short = "OPTIN or OPTOUT"
* provision 1..1 MS
* provision ^short = "What is permitted or denied"
* provision.type 1..1 MS
* provision.type ^short = "permit or deny"
* provision.period 1..1 MS
* provision.period ^short = "From when, and until when"
* provision.purpose MS
* provision.purpose from MessagingPurpose (required)
* provision.purpose ^short = "Permitted purposes; none on a deny is all of them"
* provision.class 1..1 MS
* provision.class ^short = "Messages, and nothing else"
* provision.class = $resource-types#Communication
* provision.code 1..* MS
* provision.code ^short = "One channel; WhatsApp is APPWRIT and our own code"
* provision.code from MessagingChannel (required)
* provision.provision MS
* provision.provision ^short = "Exceptions, by purpose or message category"
* provision.provision.type 1..1
* provision.provision.type ^short = "Exceptions deny"
* provision.provision.type = #deny
* provision.provision.purpose from MessagingPurpose (required)
* provision.provision.purpose ^short = "By purpose"
* provision.provision.code from MessageCategoryVS (required)
* provision.provision.code ^short = "By kind of message"
* verification MS
* verification ^short = "Who confirmed a consent that was given in words"

Invariant: msg-1
Description: "permit goes with OPTIN, deny with OPTOUT, and nothing else is said."
Severity: #error
Expression: "(provision.type = 'permit' and policyRule.coding.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ActCode' and code = 'OPTIN').exists() and policyRule.coding.where(code = 'OPTOUT').empty()) or (provision.type = 'deny' and policyRule.coding.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ActCode' and code = 'OPTOUT').exists() and policyRule.coding.where(code = 'OPTIN').empty())"

Invariant: msg-2
Description: "One channel per Consent."
Severity: #error
Expression: "provision.code.coding.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode').count() = 1"
