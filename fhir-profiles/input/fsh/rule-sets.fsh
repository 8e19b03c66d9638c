// What every definition of ours says of itself, and rules that several profiles keep.

RuleSet: OurDefinition
* ^publisher = "Qasid"
* ^experimental = false

RuleSet: OurCodes
* insert OurDefinition
* ^caseSensitive = true

RuleSet: Slices(element, type, discriminator)
* {element} ^slicing.discriminator.type = #{type}
* {element} ^slicing.discriminator.path = "{discriminator}"
* {element} ^slicing.rules = #open

Invariant: key-1
Description: "An identifier that servers match in a conditional create holds none of | , $ and backslash: they mean something in a search."
Severity: #error
Expression: "(value.contains('|') or value.contains(',') or value.contains('$') or value.contains('\\\\')).not()"
