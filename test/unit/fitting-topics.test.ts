import { describe, expect, it } from 'vitest'
import { fittingTopics } from '../../src/domain/fitting-topics.ts'

const at = (...names: string[]) => names.map((name) => `https://emr.example/SubscriptionTopic/${name}`)

describe('the topics of a host that tell of every change of a visit', () => {
  it.each<[string, string[], string[], string[]]>([
    ['those that are wanted by name', at('a|1', 'b', 'c'), at('a', 'b'), at('a', 'b')],
    ['none where one that is wanted is missing', at('a'), at('a', 'b'), []],
    ['the one named after the resource', at('Patient', 'Appointment|2.0'), [], at('Appointment')],
    ['the one of all its changes', at('appointment-change'), [], at('appointment-change')],
    ['the one for any event', at('Appointment.cancel', 'appointments.any'), [], at('appointments.any')],
    [
      'all of those for one event each',
      at(
        'Patient.update',
        'Appointment.schedule',
        'Appointment.update',
        'Appointment.cancel',
        'Appointment.check-in',
      ),
      [],
      at('Appointment.schedule', 'Appointment.update', 'Appointment.cancel', 'Appointment.check-in'),
    ],
    ['none where nothing tells of a cancellation', at('Appointment.schedule', 'Appointment.update'), [], []],
    ['none for one event only', at('Appointment.check-in'), [], []],
    ['none of another resource', at('AppointmentResponse', 'appointment-reminder', 'Slot'), [], []],
    ['none where none is listed', [], [], []],
  ])('are %s', (_what, listed, wanted, fitting) => {
    expect(fittingTopics(listed, wanted, 'Appointment')).toEqual(fitting)
  })
})
