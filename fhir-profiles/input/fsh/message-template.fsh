Profile: MessageTemplate
Parent: ActivityDefinition
Id: message-template
Title: "Message template"
Description: "What is said, in each channel and language. The version is pinned on every message."
* insert OurDefinition
* obeys tpl-1
* extension contains
    TemplateContent named content 1..* MS and
    ReplyOptions named replyOptions 0..1 MS and
    TemplateApproval named approval 0..* MS
* url 1..1 MS
* version 1..1 MS
* name 1..1 MS
* title MS
* status MS
* topic 1..1 MS
* topic from MessageCategoryVS (required)
* kind 1..1 MS
* kind = #CommunicationRequest

Invariant: tpl-1
Description: "One wording for each channel and language."
Severity: #error
Expression: "extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/template-content').select(extension.where(url = 'channel').value & ' ' & extension.where(url = 'language').value).isDistinct()"
