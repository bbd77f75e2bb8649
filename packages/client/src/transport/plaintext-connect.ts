import { connect as netConnect } from 'node:net';
import { type Connect, type DialTarget, whenConnected } from './connect.ts';

/** TCP and nothing more. */
export function plaintextConnect(target: DialTarget): Connect {
  return (done) => {
    const socket = netConnect({ host: target.address, port: target.port });
    whenConnected(socket, 'connect', target, (error) => done(error, error ? null : { socket, lifetime: undefined }));
  };
}
