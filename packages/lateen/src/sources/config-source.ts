import { Cell, type Clock, LateenError, type Logger, type Watched } from '@lateen/core';
import type { ControlClient } from '@lateen/control';
import { EMPTY_REVISION, formatFinding, makeRevision, parseResources, type Revision, watchResources } from '@lateen/resources';
import type { MeshSettings } from '../settings.ts';

/** Where the process's Istio resources come from. */
export interface ConfigSource {
  readonly revision: Watched<Revision>;
  /** Undefined once there is a configuration to work with. */
  readonly problem: Watched<string | undefined>;
  close(): void;
}

export interface ConfigSourceOptions {
  readonly settings: MeshSettings;
  readonly control: ControlClient | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

const NO_PROBLEM: Watched<undefined> = { value: undefined, subscribe: () => () => {} };

/**
 * The `config` option as a watched revision: lateend's, a watched folder or file, or the given resources.
 *
 * @throws {LateenError} `LATEEN_CONFIG_INVALID` listing every finding, when given resources are not valid.
 */
export async function configSource({ settings, control, clock, logger }: ConfigSourceOptions): Promise<ConfigSource> {
  const { config, namespace } = settings;
  if (config === undefined) return fixed(EMPTY_REVISION);
  if (config === 'lateend') return fromControl(control as ControlClient);
  if (typeof config === 'string') {
    const store = await watchResources(config, { clock, logger, defaultNamespace: namespace });
    return { revision: store.revision, problem: NO_PROBLEM, close: () => store.close() };
  }
  return fixed(givenRevision(config, settings, clock));
}

function fixed(revision: Revision): ConfigSource {
  return { revision: new Cell(revision), problem: NO_PROBLEM, close: () => {} };
}

function fromControl(control: ControlClient): ConfigSource {
  return { revision: control.revision, problem: control.problem, close: () => {} };
}

function givenRevision(given: readonly object[], { namespace }: MeshSettings, clock: Clock): Revision {
  // JSON is YAML: what a program hands over goes through the same gate as what a file says.
  const text = given.map((resource) => JSON.stringify(resource)).join('\n---\n');
  const { resources, findings } = parseResources(text, { file: 'config', defaultNamespace: namespace });
  const errors = findings.filter((finding) => finding.level === 'Error');
  if (errors.length > 0) {
    throw new LateenError('LATEEN_CONFIG_INVALID', errors.map(formatFinding).join('\n'), { target: 'config' });
  }
  return makeRevision(resources, { number: 1, author: 'config', time: clock.wallNow() });
}
