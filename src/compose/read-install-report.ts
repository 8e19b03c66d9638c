/** The report that the installer left, beside what is true of the install at this moment. What nobody can tell now is left out. */
import type { Config } from '../config.ts'
import { capabilityReport, type InstallReport, partNames } from '../contract/report.ts'
import { visitFeed } from '../domain/change-feed.ts'
import { healthOf, isCutOff } from '../domain/sender-health.ts'
import type { World } from '../flows/ports.ts'
import type { WebParts } from '../http/parts.ts'
import { readReport } from '../install-shelf.ts'

interface ReportWorld extends Pick<World, 'board' | 'now' | 'install'> {
  feed: { memory: Pick<World['feed']['memory'], 'read'> }
  senders: Pick<World['senders'][number], 'id' | 'channel'>[]
}

/** `undefined` where the install was never examined, or by a release whose reports were others. */
export async function readInstallReport(
  config: Pick<Config, 'dataDir'>,
  world: ReportWorld,
  readiness: WebParts['readiness'],
): Promise<InstallReport | undefined> {
  const report = capabilityReport.safeParse(await readReport(config, world.install))
  if (!report.success) return undefined
  const [checks, changes, senders] = await Promise.all([readiness(), readChanges(world), readSenders(world)])
  const isOk = (part: string) =>
    checks.some(({ name, ok }) => ok && [part, `${part} ${world.install}`].includes(name))
  return {
    report: report.data,
    now: {
      ...(changes && { changes }),
      parts: partNames.map((part) => ({ part, ok: isOk(part) })),
      senders,
    },
  }
}

/** Without Redis nobody remembers; `parts` says that it is away. */
async function readChanges({ feed }: ReportWorld): Promise<InstallReport['now']['changes']> {
  const { inForce } = await feed.memory.read(visitFeed).catch(() => ({ inForce: undefined }))
  return inForce
}

async function readSenders({ board, now, senders }: ReportWorld): Promise<InstallReport['now']['senders']> {
  const records = await board.read()
  return senders.map(({ id, channel }) => {
    const record = records[id]
    return {
      ...{ id, channel },
      health: Math.round(healthOf(record, now()) * 100) / 100,
      ...(record?.paused && { paused: record.paused.code }),
      ...(isCutOff(record) && { isCutOff: true }),
    }
  })
}
