/**
 * prepare-install: what the store must hold before an install can work. Safe to run at every start.
 * in: first settings, standard templates · decides: nothing · out: one Basic, one ActivityDefinition per template and version
 */
import type { ClinicSettings } from '../domain/settings.ts'
import type { Template } from '../domain/template.ts'
import { toIso } from '../domain/time.ts'
import { settingsIdentifier, toBasic } from '../fhir/settings.ts'
import { templateIdentifier, toActivityDefinition } from '../fhir/template.ts'
import type { World } from './ports.ts'

/** Settings that are in the store already stay as the clinic left them. */
export async function prepareInstall(
  world: Pick<World, 'install' | 'store' | 'now'>,
  first: ClinicSettings,
  templates: Template[],
): Promise<void> {
  const basic = toBasic(world.install, first, toIso(world.now()))
  await world.store.create(basic, settingsIdentifier(world.install))
  for (const template of templates)
    await world.store.create(toActivityDefinition(template), templateIdentifier(template))
}
