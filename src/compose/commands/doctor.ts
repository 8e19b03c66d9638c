/** `qasid doctor`: every install examined again, with nothing made anew. Ends with 0 when all are ready, 1 when one is not. */
import { installHost } from '../../flows/install-host.ts'
import { readInstalls } from '../../install-file.ts'
import { writeReport } from '../../install-shelf.ts'
import { deploymentFacts, type InstallingParts, partsFor } from './installing.ts'
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
  const reports: unknown[] = []
  let code: 0 | 1 = 0
  for (const file of chosen) {
    const end = await examineAgain(parts, file)
    if (end.kind !== 'examined') {
      const because =
        end.kind === 'refused' ? end.because : 'The install names no client: run qasid install again.'
      code = 1
      reports.push({ install: file.id, against: [because] })
      if (!given.values.json) out(`${file.id}: ${because}`)
      continue
    }
    await writeReport(config, end.report)
    if (end.report.against.length > 0) code = 1
    reports.push(end.report)
    if (!given.values.json) for (const line of showReport(end.report)) out(line)
    if (end.left.length > 0) err(`Left at the server by the probes, remove it there: ${end.left.join(', ')}.`)
  }
  if (given.values.json) out(JSON.stringify(reports))
  return code
}

type InstallFile = Awaited<ReturnType<typeof readInstalls>>[number]

async function examineAgain(parts: InstallingParts, file: InstallFile) {
  const asked = ({ fhirBase, clientId, clientSecret }: InstallFile['host'], app?: string) => ({
    fhirBase,
    // Who is nobody there asks as nobody; who is somebody is not registered again.
    ...(clientId === undefined && { dialect: 'open' as const }),
    known: {
      ...(clientId && { worker: clientId }),
      ...(clientSecret && { clientSecret }),
      ...(app && { app }),
    },
  })
  return installHost(partsFor(parts, file.id), {
    ...(await deploymentFacts(parts.config, file.id)),
    install: file.id,
    host: asked(file.host, file.app?.clientId),
    ...(file.store && { store: asked(file.store) }),
    next: 'qasid doctor',
    writeBack: file.writeBack,
    channels: [...new Set(file.senders.map(({ channel }) => channel))],
  })
}
