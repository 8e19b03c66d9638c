/**
 * Whether a request may have left. Before a connection stands and, where it is a secure one, the other side has proven itself,
 * not one byte of a request goes out: whatever fails until then has surely sent nothing.
 */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'

type Socket = IncomingMessage['socket']

export interface Departure {
  mayHaveLeft(): boolean
  /** Makes requests as `node:http` and `node:https` do, over their pools of connections. */
  transport: { request(options: RequestOptions, onAnswer: (answer: IncomingMessage) => void): ClientRequest }
  /** For whoever makes requests by itself: their connections end with it. */
  agents(): { httpAgent: http.Agent; httpsAgent: https.Agent }
}

/** For one request. */
export function watchDeparture(): Departure {
  let mayHaveLeft = false
  const watch = (socket: Socket, isUsedAgain = false) => {
    if (isUsedAgain || !socket.connecting) mayHaveLeft = true
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => (mayHaveLeft = true))
  }
  return {
    mayHaveLeft: () => mayHaveLeft,
    transport: {
      request: (options, onAnswer) => {
        const request = (options.protocol === 'https:' ? https : http).request(options, onAnswer)
        return request.once('socket', (socket) => watch(socket, request.reusedSocket))
      },
    },
    agents: () => ({
      httpAgent: watched(new http.Agent(), watch),
      httpsAgent: watched(new https.Agent(), watch),
    }),
  }
}

function watched<A extends http.Agent>(agent: A, watch: (socket: Socket) => void): A {
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (...given) => {
    const socket = connect(...given)
    if (socket) watch(socket as Socket)
    return socket
  }
  return agent
}
