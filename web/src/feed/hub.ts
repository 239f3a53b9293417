import { type HubConnection, HubConnectionBuilder, type IHubProtocol, LogLevel } from '@microsoft/signalr';
import { backoffMilliseconds } from './coalesce';
import { type Loss, report } from './health';

export interface Hub {
  connection: HubConnection;
  stop(): void;
}

/**
 * A hub that is kept connected for as long as it is wanted: the first connection is tried again like every later one,
 * for ever. `onConnected` runs after each: whatever was missed in between must be read again.
 *
 * `credential`: of a screen that is nobody's session.
 */
export function keepConnected(
  path: string,
  part: Loss,
  protocol: IHubProtocol,
  prepare: (connection: HubConnection) => void,
  onConnected: (connection: HubConnection) => void,
  credential?: string,
): Hub {
  const connection = new HubConnectionBuilder()
    .withUrl(path, credential ? { accessTokenFactory: () => credential, withCredentials: false } : {})
    .withHubProtocol(protocol)
    .configureLogging(LogLevel.None)
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: (retry) => backoffMilliseconds(retry.previousRetryCount) })
    .build();
  let wanted = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const start = async (attempt: number) => {
    try {
      await connection.start();
      report(part, 'up');
      onConnected(connection);
    } catch {
      if (wanted) {
        report(part, 'down');
        timer = setTimeout(() => void start(attempt + 1), backoffMilliseconds(attempt));
      }
    }
  };

  prepare(connection);
  connection.onreconnecting(() => report(part, 'down'));
  connection.onreconnected(() => {
    report(part, 'up');
    onConnected(connection);
  });
  connection.onclose(() => {
    if (wanted) {
      report(part, 'down');
      timer = setTimeout(() => void start(0), backoffMilliseconds(0));
    }
  });
  void start(0);

  return {
    connection,
    stop: () => {
      wanted = false;
      clearTimeout(timer);
      report(part, 'unknown');
      void connection.stop();
    },
  };
}
