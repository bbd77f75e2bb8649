/** What Lateen logs to: the console, pino, winston, or anything with these four. */
export interface Logger {
  debug(message: string, details?: object): void;
  info(message: string, details?: object): void;
  warn(message: string, details?: object): void;
  error(message: string, details?: object): void;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Lines on stderr: `lateen reviews-v2 warn  message {"detail":1}`. stdout stays the application's. */
export function consoleLogger(level: LogLevel, name = ''): Logger {
  const threshold = LOG_LEVELS.indexOf(level);
  const prefix = name ? `lateen ${name}` : 'lateen';
  const write =
    (lineLevel: Exclude<LogLevel, 'silent'>) =>
    (message: string, details?: object): void => {
      if (LOG_LEVELS.indexOf(lineLevel) < threshold) return;
      const tail = details && Object.keys(details).length > 0 ? ` ${JSON.stringify(details)}` : '';
      process.stderr.write(`${prefix} ${lineLevel.padEnd(5)} ${message}${tail}\n`);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
