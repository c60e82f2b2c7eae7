import { type ClientHttp2Session, connect } from 'node:http2';
import { ignore } from '../../../base/deferred.js';
import { endSafely } from '../../listening/end-safely.js';
import { CONNECTION_WINDOW, STREAM_WINDOW } from '../windows.js';
import type { Dialed } from './dialer.js';
import { socketStage } from './socket-stage.js';

/**
 * What Node may hold for a connection, in megabytes: calls bound what they buffer themselves, and a
 * limit that calls in good order could reach would refuse them.
 */
const MOST_SESSION_MEMORY = 1_024;

/**
 * Begins HTTP/2 and waits for the server's first word in it, its settings: until then a server may
 * be no more than a port that accepts. Rejects with an Error if none comes within 20 seconds.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9113#name-http-2-connection-preface
 */
export async function openSession({ raw, secured }: Dialed): Promise<ClientHttp2Session> {
  // The authority is the calls' own.
  const session = connect('http://localhost', {
    createConnection: () => secured,
    settings: { initialWindowSize: STREAM_WINDOW, enablePush: false },
    maxSessionMemory: MOST_SESSION_MEMORY,
  });
  endSafely(session);
  session.on('error', ignore);
  try {
    await socketStage<void>(raw, 'the server said nothing in HTTP/2', ({ done, fail }) => {
      session.once('remoteSettings', () => done());
      session.once('error', (error) => fail(`the server speaks no HTTP/2: ${error.message}`));
    });
  } catch (reason) {
    session.destroy();
    throw reason;
  }
  session.setLocalWindowSize(CONNECTION_WINDOW);
  session.unref();
  return session;
}
