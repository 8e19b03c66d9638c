/** `qasid doctor`: every install examined again, with nothing made anew. Ends with 0 when all are ready, 1 when one is not. */
import { type CapabilityReport, withRows } from '../../domain/capability-report.ts'
import { type InstallEnd, installHost } from '../../flows/install-host.ts'
import { type InstallFile, readInstalls } from '../../install-file.ts'
import { readReport, writeReport } from '../../install-shelf.ts'
import { profilesRow } from './definitions.ts'
import { deploymentFacts, type InstallingParts, type InstallStory, partsFor } from './installing.ts'
import { lookAround } from './look-around.ts'
import { showReport } from './show-report.ts'
import { readArguments, textOf, UsageError } from './usage.ts'

export async function doctor(args: string[], parts: InstallingParts): Promise<0 | 1> {
  const given = readArguments(args, {})
  const { config, out, err } = parts
  const wanted = textOf(given, 'install')
  const all = await readInstalls(config)
  const chosen = all.filter(({ id }) => wanted === undefined || id === wanted)
  if (chosen.length === 0)
    throw new UsageError(
      `There is no such install; there are: ${all.map(({ id }) => id).join(', ') || 'none'}.`,
    )
  const told: { install: string; against: string[] }[] = []
  for (const file of chosen) {
    const story = partsFor(parts, file.id)
    const end = await examineAgain(parts, story, file)
    if (end.kind !== 'examined') {
      const because = end.kind === 'refused' ? end.because : 'It names no client: run qasid install again.'
      told.push({ install: file.id, against: [because] })
      if (!given.values.json) out(`${file.id}: ${because}`)
      continue
    }
    const report = await completeReport(parts, story, file, end)
    await writeReport(config, report)
    told.push(report)
    if (!given.values.json) for (const line of showReport(report)) out(line)
    if (end.left.length > 0) err(`Left at the server by the probes, remove it there: ${end.left.join(', ')}.`)
  }
  if (given.values.json) out(JSON.stringify(told))
  return told.some(({ against }) => against.length > 0) ? 1 : 0
}

async function completeReport(
  { config }: InstallingParts,
  story: InstallStory,
  file: InstallFile,
  { report }: Extract<InstallEnd, { kind: 'examined' }>,
): Promise<CapabilityReport> {
  const last = (await readReport(config, file.id)) as Partial<CapabilityReport> | undefined
  const around = await lookAround(config, story, file, report)
  return withRows(report, { ...around, rows: [...profilesRow(last), ...around.rows] })
}

async function examineAgain(
  parts: InstallingParts,
  story: InstallStory,
  file: InstallFile,
): Promise<InstallEnd> {
  const asked = (
    { fhirBase, clientId, clientSecret }: InstallFile['host'],
    dialect: NonNullable<InstallFile['registration']>['dialect'] | undefined,
    app?: string,
  ) => ({
    fhirBase,
    // Who is nobody there asks as nobody; who is somebody is not registered again.
    ...(clientId === undefined ? { dialect: 'open' as const } : dialect && { dialect }),
    known: {
      ...(clientId && { worker: clientId }),
      ...(clientSecret && { clientSecret }),
      ...(app && { app }),
    },
  })
  const { host, store, registration, storeRegistration } = file
  return installHost(story, {
    ...(await deploymentFacts(parts.config, file.id)),
    install: file.id,
    host: asked(host, registration?.dialect, file.app?.clientId),
    ...(store && { store: asked(store, storeRegistration?.dialect) }),
    next: 'qasid doctor',
    writeBack: file.writeBack,
    channels: [...new Set(file.senders.map(({ channel }) => channel))],
  })
}
