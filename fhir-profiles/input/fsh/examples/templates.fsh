// What is said, by channel and language.

Instance: template-visit-reminder
InstanceOf: MessageTemplate
Usage: #example
Title: "In SMS and e-mail, in several languages"
Description: "A message pins the version, so that what was said can always be told."
* url = "https://qasid.dev/fhir/ActivityDefinition/visit-reminder"
* version = "1"
* name = "VisitReminder"
* title = "Reminder of a visit"
* status = #active
* topic = MessageCategory#reminder
* extension[replyOptions].extension[option][0].valueCode = #confirm
* extension[replyOptions].extension[option][1].valueCode = #cancel
* extension[content][0].extension[channel].valueCode = #sms
* extension[content][0].extension[language].valueCode = #en
* extension[content][0].extension[body].valueString = "Your visit is on {{ visit.day }} at {{ visit.time }}. Reply 1 to confirm, X to cancel."
* extension[content][1].extension[channel].valueCode = #email
* extension[content][1].extension[language].valueCode = #en
* extension[content][1].extension[subject].valueString = "Your visit on {{ visit.day }}"
* extension[content][1].extension[body].valueMarkdown = "Your visit is on {{ visit.day }} at {{ visit.time }}."
* extension[content][2].extension[channel].valueCode = #sms
* extension[content][2].extension[language].valueCode = #hi
* extension[content][2].extension[body].valueString = "आपकी मुलाक़ात {{ visit.day }} को {{ visit.time }} बजे है।"

Instance: template-flu-season
InstanceOf: MessageTemplate
Usage: #example
Title: "On WhatsApp, with the company's decision"
Description: "WhatsApp takes only wordings that it has seen. What it decided stands on the template: one language is approved, one was refused for the reason given."
* url = "https://qasid.dev/fhir/ActivityDefinition/flu-season"
* identifier.system = $template
* identifier.value = "flu-season-2"
* version = "2"
* name = "FluSeason"
* title = "Flu season"
* status = #active
* topic = MessageCategory#conversation
* extension[content][0].extension[channel].valueCode = #whatsapp
* extension[content][0].extension[language].valueCode = #en
* extension[content][0].extension[body].valueString = "{{ clinic }} gives flu vaccines until {{ until | day }}. Call us for a time."
* extension[content][1].extension[channel].valueCode = #whatsapp
* extension[content][1].extension[language].valueCode = #ar
* extension[content][1].extension[body].valueString = "لقاح الإنفلونزا متاح في {{ clinic }} حتى {{ until | day }}. اتصلوا بنا لتحديد موعد."
* extension[approval][0].extension[sender].valueCode = #clinic-whatsapp
* extension[approval][0].extension[name].valueString = "flu_season_2"
* extension[approval][0].extension[language].valueCode = #en
* extension[approval][0].extension[status].valueCode = #approved
* extension[approval][0].extension[at].valueDateTime = "2026-11-02T06:00:00Z"
* extension[approval][0].extension[category].valueString = "UTILITY"
* extension[approval][1].extension[sender].valueCode = #clinic-whatsapp
* extension[approval][1].extension[name].valueString = "flu_season_2"
* extension[approval][1].extension[language].valueCode = #ar
* extension[approval][1].extension[status].valueCode = #rejected
* extension[approval][1].extension[at].valueDateTime = "2026-11-02T06:00:00Z"
* extension[approval][1].extension[because].valueString = "INVALID_FORMAT"
