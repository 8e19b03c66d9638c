/** What a demo leaves behind on this machine. Everything it starts carries its temporary folder in the environment. */
import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'

export interface Leftovers {
  processes: string[]
  ports: number[]
  files: string[]
}

export const nothing: Leftovers = { processes: [], ports: [], files: [] }

export async function findLeftovers(folder: string, ports: number[]): Promise<Leftovers> {
  const open = await Promise.all(ports.map(isOpen))
  const processes = await findProcesses(folder)
  return {
    processes: processes.map(({ command }) => command),
    ports: ports.filter((_port, index) => open[index]),
    files: await readdir(folder),
  }
}

/** Every process whose environment names the folder, whoever its parent is by now. */
export async function findProcesses(folder: string): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readProcess(pid, 'environ')
      if (!environment.includes(folder)) return []
      return [{ pid: Number(pid), command: (await readProcess(pid, 'cmdline')).replaceAll('\0', ' ').trim() }]
    }),
  )
  return found.flat()
}

/** A process that is gone meanwhile reads as empty. */
function readProcess(pid: string, file: 'environ' | 'cmdline'): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: 'localhost' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
