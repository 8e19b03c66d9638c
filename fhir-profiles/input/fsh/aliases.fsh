Alias: $v3-ParticipationMode = http://terminology.hl7.org/CodeSystem/v3-ParticipationMode
Alias: $v3-ActCode = http://terminology.hl7.org/CodeSystem/v3-ActCode
Alias: $v3-ActReason = http://terminology.hl7.org/CodeSystem/v3-ActReason
Alias: $consentscope = http://terminology.hl7.org/CodeSystem/consentscope
Alias: $loinc = http://loinc.org
Alias: $resource-types = http://hl7.org/fhir/resource-types
Alias: $communication-category = http://terminology.hl7.org/CodeSystem/communication-category
Alias: $communication-not-done-reason = http://terminology.hl7.org/CodeSystem/communication-not-done-reason
Alias: $instantiatesCanonical = http://hl7.org/fhir/StructureDefinition/workflow-instantiatesCanonical

Alias: $request-key = https://qasid.dev/fhir/NamingSystem/request-key
Alias: $attempt-id = https://qasid.dev/fhir/NamingSystem/attempt-id
Alias: $consent-address = https://qasid.dev/fhir/NamingSystem/consent-address
Alias: $thread = https://qasid.dev/fhir/NamingSystem/thread
Alias: $task-key = https://qasid.dev/fhir/NamingSystem/task-key
Alias: $sandbox-message-id = https://qasid.dev/fhir/NamingSystem/sandbox-message-id
Alias: $settings = https://qasid.dev/fhir/NamingSystem/settings
