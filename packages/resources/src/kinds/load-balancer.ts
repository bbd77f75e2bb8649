import { count, duration, nonEmptyText, nullable, oneOf, refused } from '../schema/fields.ts';
import { array, boolean, integer, number, object, optional, record, schemaOf, string } from '../schema/json-schema.ts';

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

const consistentHash = () =>
  object(
    {
      httpHeaderName: optional(string()),
      httpCookie: optional(
        object({
          name: nonEmptyText(),
          path: optional(string()),
          /** `0s` is a session cookie, so this is no duration like the others. */
          ttl: optional(string({ format: 'any-duration' })),
          attributes: optional(array(object({ name: nonEmptyText(), value: optional(string()) }))),
        }),
      ),
      useSourceIp: optional(boolean()),
      httpQueryParameterName: optional(string()),
      ringHash: optional(object({ minimumRingSize: optional(integer(0, MAX_SAFE, 'uint64')) })),
      maglev: optional(object({ tableSize: optional(integer(0, MAX_SAFE, 'uint64')) })),
      minimumRingSize: optional(integer(0, MAX_SAFE, 'uint64')),
    },
    {
      exclusive: [
        ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
        ['ringHash', 'maglev'],
      ],
    },
  );

const failover = () => optional(array(object({ from: optional(string()), to: optional(string()) })));
const failoverPriority = () => optional(array(string()));

const localityLbSetting = () =>
  object({
    distribute: optional(array(object({ from: optional(string()), to: optional(record(count())) }))),
    failover: failover(),
    failoverPriority: failoverPriority(),
    enabled: nullable(boolean()),
  });

const zoneAwareLbSetting = () =>
  object({
    failover: failover(),
    failoverPriority: failoverPriority(),
    enabled: nullable(boolean()),
    minClusterSize: nullable(integer(1, MAX_SAFE, 'uint64')),
  });

const warmup = () =>
  object({
    duration: duration(),
    minimumPercent: nullable(number(0, 100)),
    aggression: nullable(schemaOf<number>({ type: 'number', minimum: 0 })),
  });

/** Which of the endpoints takes the next request. */
export const loadBalancer = () =>
  object(
    {
      simple: optional(oneOf(['UNSPECIFIED', 'LEAST_REQUEST', 'LEAST_CONN', 'RANDOM', 'ROUND_ROBIN', 'PASSTHROUGH'])),
      consistentHash: optional(consistentHash()),
      localityLbSetting: optional(localityLbSetting()),
      zoneAwareLbSetting: refused(
        zoneAwareLbSetting(),
        'it weighs zones by where other proxies stand, which a process does not know',
        'write localityLbSetting',
      ),
      warmup: optional(warmup()),
      warmupDurationSecs: optional(duration()),
    },
    { exclusive: [['simple', 'consistentHash']] },
  );
