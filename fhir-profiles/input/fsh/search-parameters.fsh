// What R4 gives no search parameter for. All optional: we never ask for them, and a store that has them answers people and reports.

RuleSet: OurSearch(id, base, type)
* id = "{id}"
* url = "https://qasid.dev/fhir/SearchParameter/{id}"
* version = "0.1.0"
* status = #draft
* experimental = false
* date = "2026-01-01"
* publisher = "Qasid"
* base = #{base}
* type = #{type}

Instance: communication-delivery-state
InstanceOf: SearchParameter
Usage: #definition
* insert OurSearch(communication-delivery-state, Communication, token)
* name = "DeliveryState"
* code = #delivery-state
* description = "How far an attempt got: queued and sent are both in-progress, delivered, read and relay-accepted are all completed."
* expression = "Communication.extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'state').value"

Instance: communication-delivery-sender
InstanceOf: SearchParameter
Usage: #definition
* insert OurSearch(communication-delivery-sender, Communication, token)
* name = "DeliverySender"
* code = #delivery-sender
* description = "The sender that an attempt went through: all that was in flight on a number that failed."
* expression = "Communication.extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/delivery').extension.where(url = 'sender').value"

Instance: communication-contact-point
InstanceOf: SearchParameter
Usage: #definition
* insert OurSearch(communication-contact-point, Communication, token)
* name = "ContactPoint"
* code = #contact-point
* description = "The addresses that were used, whatever the chart says today: who was written to at a number that now writes back. Ask by POST, because an address must not stand in a URL."
* expression = "Communication.extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/contact-points').extension.value"

Instance: communicationrequest-send-window
InstanceOf: SearchParameter
Usage: #definition
* insert OurSearch(communicationrequest-send-window, CommunicationRequest, date)
* name = "SendWindow"
* code = #send-window
* description = "Earliest and last useful moment of a request. R4's own occurrence sees the planned time alone."
* expression = "CommunicationRequest.extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/send-window').value"

Instance: communicationrequest-template
InstanceOf: SearchParameter
Usage: #definition
* insert OurSearch(communicationrequest-template, CommunicationRequest, uri)
* name = "RequestTemplate"
* code = #template
* description = "The template and version that a request pins: what would still go out in a wording that was withdrawn. Communication has its own instantiates-canonical."
* expression = "CommunicationRequest.extension.where(url = 'http://hl7.org/fhir/StructureDefinition/workflow-instantiatesCanonical').value"
