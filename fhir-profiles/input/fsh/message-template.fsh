Profile: MessageTemplate
Parent: ActivityDefinition
Id: message-template
Title: "Message template"
Description: "What is said, in each channel and language. The version is pinned on every message."
* insert OurDefinition
* ^purpose = "What a clinic says stands here once, in each channel and language that it is said in, with places for what differs. WhatsApp wants to see a wording before it is sent: its decision stands beside the wording."
* obeys tpl-1
* extension contains
    TemplateContent named content 1..* MS and
    ReplyOptions named replyOptions 0..1 MS and
    TemplateApproval named approval 0..* MS
* url 1..1 MS
* url ^short = "Names the template, whatever its version"
* version 1..1 MS
* version ^short = "A changed wording is a new version: messages pin the one they used"
* name 1..1 MS
* name ^short = "For programs"
* title MS
* title ^short = "For people"
* status MS
* status ^short = "Only active ones are sent"
* topic 1..1 MS
* topic ^short = "What kind of message it makes"
* topic from MessageCategoryVS (required)
* kind 1..1 MS
* kind ^short = "It makes requests"
* kind = #CommunicationRequest

Invariant: tpl-1
Description: "One wording for each channel and language."
Severity: #error
Expression: "extension.where(url = 'https://qasid.dev/fhir/StructureDefinition/template-content').select(extension.where(url = 'channel').value.first() & ' ' & extension.where(url = 'language').value.first()).isDistinct()"
