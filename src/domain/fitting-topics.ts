/**
 * Which of the topics that a host lists tell of every change of a resource. What a topic means stands in no CapabilityStatement, so
 * beside those that are wanted by name only names that can hardly mean less are taken; the watch and the sweeps see to the rest.
 */

/** What a host needs to tell of separately where it has a topic for each event. */
const events = [/create|schedule|book/, /update|change|move/, /cancel|delete/]

const forAll = ['', 'all', 'any', 'change', 'changes', 'changed', 'event', 'events']

/** Without versions; empty where they are not all there, because half of the changes would be taken for all. */
export function fittingTopics(listed: string[], wanted: string[], resource: string): string[] {
  const topics = [...new Set(listed.map((topic) => topic.replace(/\|.*$/, '')))]
  if (wanted.length > 0 && wanted.every((topic) => topics.includes(topic))) return wanted
  // `…/Appointment`, `…/appointment-change`, `…/Appointment.schedule`; not `…/AppointmentResponse`.
  const named = new RegExp(`[/#]${resource}s?(?:[-.]([\\w.-]+))?/?$`, 'i')
  const about = topics.flatMap((topic) => {
    const found = named.exec(topic)
    return found ? [{ topic, event: found[1]?.toLowerCase() ?? '' }] : []
  })
  const whole = about.find(({ event }) => forAll.includes(event))
  if (whole) return [whole.topic]
  const areAll = events.every((event) => about.some((one) => event.test(one.event)))
  return areAll ? about.map(({ topic }) => topic) : []
}
