// Permits, denials and exceptions, and what proves them.

RuleSet: ExampleConsent(address)
* identifier[address].value = "{address}"
* status = #active
* patient = Reference(Patient/patient-example)
* dateTime = "2026-10-01T08:00:00Z"
* provision.period.start = "2026-10-01T08:00:00Z"

Instance: consent-permit
InstanceOf: MessagingConsent
Usage: #example
Title: "Permit, with an exception"
Description: "Reminders, care and answers on WhatsApp at this number, but no messages written by staff."
* insert ExampleConsent([[whatsapp:+15555550123]])
* policy.uri = "https://qasid.dev/fhir/policy/messaging-opt-in"
* policyRule = $v3-ActCode#OPTIN
* provision.type = #permit
* provision.purpose[0] = $v3-ActReason#PATADMIN
* provision.purpose[1] = $v3-ActReason#CAREMGT
* provision.purpose[2] = $v3-ActReason#PATRQT
* provision.code.coding[0] = $v3-ParticipationMode#APPWRIT
* provision.code.coding[1] = Channel#whatsapp
* provision.provision.purpose = $v3-ActReason#CAREMGT
* provision.provision.code = MessageCategory#conversation

Instance: consent-stop
InstanceOf: MessagingConsent
Usage: #example
Title: "Deny, by STOP"
Description: "No purpose is named on a deny: it is for all of them. It holds for the address, whoever shares it."
* insert ExampleConsent([[sms:+15555550123]])
* identifier[1].system = $answer
* identifier[1].value = "patient-message-stop-sms-%2B15555550123-patient-example"
* policy.uri = "https://qasid.dev/fhir/policy/stop-reply"
* policyRule = $v3-ActCode#OPTOUT
* provision.type = #deny
* provision.code = $v3-ParticipationMode#SMSWRIT

Instance: consent-verbal
InstanceOf: MessagingConsent
Usage: #example
Title: "Permit, given at the desk and verified"
Description: "Said in words, and confirmed by the patient from the mailbox itself."
* insert ExampleConsent([[email:sara@mail.example]])
* policy.uri = "https://qasid.dev/fhir/policy/messaging-opt-in"
* policyRule = $v3-ActCode#OPTIN
* provision.type = #permit
* provision.purpose[0] = $v3-ActReason#PATADMIN
* provision.purpose[1] = $v3-ActReason#PATRQT
* provision.code = $v3-ParticipationMode#EMAILWRIT
* verification.verified = true
* verification.verifiedWith = Reference(Patient/patient-example)
* verification.verificationDate = "2026-10-01T08:05:00Z"

Instance: consent-promotion-excepted
InstanceOf: MessagingConsent
Usage: #example
Title: "Permit for a time, with an exception by purpose"
Description: "In force until the end of its period; everything that is listed except promotion."
* insert ExampleConsent([[sms:+15555550124]])
* provision.period.end = "2027-10-01T08:00:00Z"
* policy.uri = "https://qasid.dev/fhir/policy/messaging-opt-in"
* policyRule = $v3-ActCode#OPTIN
* provision.type = #permit
* provision.purpose[0] = $v3-ActReason#PATADMIN
* provision.purpose[1] = $v3-ActReason#HPAYMT
* provision.purpose[2] = $v3-ActReason#HMARKT
* provision.code = $v3-ParticipationMode#SMSWRIT
* provision.provision.purpose = $v3-ActReason#HMARKT

Instance: consent-replaced
InstanceOf: MessagingConsent
Usage: #example
Title: "Replaced"
Description: "The permit that the STOP ended: inactive, and kept, because a later START permits again what it covered."
* insert ExampleConsent([[sms:+15555550123]])
* status = #inactive
* policy.uri = "https://qasid.dev/fhir/policy/messaging-opt-in"
* policyRule = $v3-ActCode#OPTIN
* provision.type = #permit
* provision.purpose = $v3-ActReason#PATADMIN
* provision.code = $v3-ParticipationMode#SMSWRIT

Instance: provenance-stop
InstanceOf: ConsentProvenance
Usage: #example
Title: "The proof of a STOP"
Description: "This version of the consent was made by that message, which the patient wrote."
* target = Reference(Consent/consent-stop/_history/1)
* recorded = "2026-11-20T09:10:02Z"
* activity = $v3-DataOperation#UPDATE "revise"
* agent.type = $provenance-participant-type#author "Author"
* agent.who = Reference(Patient/patient-example)
* entity.role = #source
* entity.what = Reference(Communication/patient-message-stop)
