/** What a messaging-consent, message-template, clinic-settings and staff-task may not be. */
import { extension, system } from '../../../src/fhir/codes.ts'
import { dropExtension, type Fault, faultsIn } from './fault.ts'

const permit = faultsIn('Consent', 'consent-permit')
const stop = faultsIn('Consent', 'consent-stop')
const template = faultsIn('ActivityDefinition', 'template-visit-reminder')
const settings = faultsIn('Basic', 'clinic-settings-example')
const task = faultsIn('Task', 'task-update-schedule')

function actCode(code: string) {
  return { coding: [{ system: system.actCode, code }] }
}

const consentFaults: Fault[] = [
  permit('a permit that says OPTOUT', (r) => Object.assign(r, { policyRule: actCode('OPTOUT') }), /msg-1/),
  stop('a deny that says OPTIN', (r) => Object.assign(r, { policyRule: actCode('OPTIN') }), /msg-1/),
  stop('a consent that says both', (r) => r.policyRule?.coding?.push({ code: 'OPTIN' }), /msg-1/),
  permit(
    'a consent for two channels',
    (r) => r.provision?.code?.push({ coding: [{ system: system.participationMode, code: 'SMSWRIT' }] }),
    /msg-2/,
  ),
  stop('a consent for no channel', (r) => delete r.provision?.code, /provision\.code: expected 1/),
  stop('a consent without its address', (r) => delete r.identifier, /identifier:address: expected 1/),
  stop('a consent for something else', (r) => r.category.pop(), /category:messaging: expected 1/),
  stop('a consent about all resources', (r) => delete r.provision?.class, /class: expected 1/),
  permit(
    'an exception that permits',
    (r) => {
      for (const exception of r.provision?.provision ?? []) exception.type = 'permit'
    },
    /provision\.provision\.type: does not hold/,
  ),
  permit(
    'a purpose that no message has',
    (r) => r.provision?.purpose?.push({ system: system.actReason, code: 'CLINTRCH' }),
    /provision\.purpose: has no code/,
  ),
]

const templateFaults: Fault[] = [
  template(
    'a template without wording',
    (r) => dropExtension(r, extension.templateContent),
    /extension:content: expected 1/,
  ),
  template('a template without a version', (r) => delete r.version, /version: expected 1/),
  template('a template without a category', (r) => delete r.topic, /topic: expected 1/),
  template(
    'two wordings for one channel and language',
    (r) =>
      r.extension?.push(...r.extension.filter((one) => one.url === extension.templateContent).slice(0, 1)),
    /tpl-1/,
  ),
  template(
    'wording for an unknown channel',
    (r) =>
      r.extension?.push({
        url: extension.templateContent,
        extension: [
          { url: 'channel', valueCode: 'fax' },
          { url: 'language', valueCode: 'en' },
          { url: 'body', valueString: 'x' },
        ],
      }),
    /has no code from .*ValueSet\/channel/,
  ),
]

const otherFaults: Fault[] = [
  settings('settings under no code', (r) => Object.assign(r, { code: { text: 'settings' } }), /Basic\.code/),
  settings('settings without content', (r) => delete r.extension, /extension:content: expected 1/),
  task('a task without a code', (r) => delete r.code, /Task\.code: expected 1/),
  task(
    'a task of an unknown kind',
    (r) => Object.assign(r, { code: { text: 'think' } }),
    /Task\.code: has no code/,
  ),
  task('a task that is a plan', (r) => Object.assign(r, { intent: 'plan' }), /Task\.intent: does not hold/),
  task(
    'an extension in the wrong place',
    (r) => {
      r.extension = [{ url: extension.payloadRole, valueCode: 'parameters' }]
    },
    /does not belong here/,
  ),
  task(
    'an extension that nobody declared',
    (r) => {
      r.extension = [{ url: `${extension.delivery}s`, valueCode: 'x' }]
    },
    /deliverys is not declared/,
  ),
  task(
    'an identifier of a system that nobody declared',
    (r) => r.identifier?.push({ system: 'https://qasid.dev/fhir/NamingSystem/chore', value: '1' }),
    /chore is not declared/,
  ),
  task(
    'a profile that nobody declared',
    (r) => {
      r.meta = { profile: ['https://qasid.dev/fhir/StructureDefinition/chore'] }
    },
    /chore is not declared/,
  ),
  task('an element that R4 does not have', (r) => Object.assign(r, { colour: 'red' }), /additional property/),
]

export const clinicFaults: Fault[] = [...consentFaults, ...templateFaults, ...otherFaults]
