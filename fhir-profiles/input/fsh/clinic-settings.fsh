Profile: ClinicSettings
Parent: Basic
Id: clinic-settings
Title: "Clinic settings"
Description: "The rules, quiet hours and senders of one install: a resource, so that every change has a version, an author and a way back."
* insert OurDefinition
* ^purpose = "Each change is a version with an author, and the way back is the version before."
* extension contains SettingsContent named content 1..1 MS
* identifier 1..1 MS
* identifier obeys key-1
* identifier ^short = "The install"
* identifier.system 1..1
* identifier.system = $settings
* identifier.value 1..1
* code = QasidRecord#settings
* code ^short = "These are settings"
* created MS
* created ^short = "The day on which they were first written"
* author MS
* author ^short = "Who changed them last, where it is known"
