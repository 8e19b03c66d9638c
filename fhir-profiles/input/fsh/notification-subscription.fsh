Profile: NotificationSubscription
Parent: Subscription
Id: notification-subscription
Title: "Notification subscription"
Description: "What we ask a host to tell us: that a visit was booked, moved or cancelled. It does not name this profile in meta.profile, because hosts rewrite a Subscription as they take it."
* insert OurDefinition
* ^purpose = "Reminders are planned when a visit changes, so the host is asked to tell us. What it sends is not believed: the visit is read again. Where a host has no Subscriptions, or they fall silent, visits are asked for instead."
* obeys sub-1 and sub-2
* status MS
* status ^short = "requested; the host makes it active, and error or off when it gives up"
* reason MS
* reason ^short = "For the host's staff"
* criteria MS
* criteria ^short = "A search on one type"
* channel MS
* channel ^short = "How we are called"
* channel.type MS
* channel.type ^short = "An HTTP call"
* channel.type = #rest-hook
* channel.endpoint 1..1 MS
* channel.endpoint ^short = "Holds install and key"
* channel.payload MS
* channel.payload ^short = "With a MIME type the resource comes along; without, the notification is empty and we ask"
* channel.header MS
* channel.header ^short = "One holds the secret that proves the host"

Invariant: sub-1
Description: "Criteria are a search on one type, or the URL of a topic."
Severity: #error
Expression: "criteria.matches('^([A-Z][A-Za-z]+[?]|https?://).*$')"

Invariant: sub-2
Description: "The endpoint holds no query: what is in a query ends in logs."
Severity: #error
Expression: "channel.endpoint.contains('?').not()"
