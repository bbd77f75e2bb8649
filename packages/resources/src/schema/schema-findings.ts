import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import type { Refusal } from '../kinds/kind-definition.ts';
import { ajvLibrary } from '../libraries.ts';
import { escapePointer } from '../yaml/positions.ts';
import { FORMATS } from './formats.ts';
import { isNear } from './nearness.ts';

/** What is wrong at one place below a spec. */
export interface SchemaProblem {
  /** JSON pointer below the spec: `/http/0/route`. */
  readonly pointer: string;
  readonly message: string;
  readonly fix?: string;
  /** Istio has the field and Lateen refuses it. */
  readonly refused: boolean;
}

const compiled = new WeakMap<TSchema, ValidateFunction>();
let ajv: Ajv | undefined;

/** All problems of `spec` at once. */
export function schemaProblems(schema: TSchema, spec: unknown): SchemaProblem[] {
  const validate = validatorOf(schema);
  if (validate(spec)) return [];
  return withoutEchoes(validate.errors ?? []).map(problemOf);
}

function validatorOf(schema: TSchema): ValidateFunction {
  let validate = compiled.get(schema);
  if (!validate) compiled.set(schema, (validate = validators().compile(schema)));
  return validate;
}

function validators(): Ajv {
  if (ajv) return ajv;
  ajv = new (ajvLibrary().Ajv)({ allErrors: true, verbose: true, strict: false });
  ajv.addKeyword({ keyword: 'x-lateen-refused', schemaType: 'object', validate: () => false });
  ajv.addKeyword({
    keyword: 'x-lateen-refused-values',
    schemaType: 'object',
    validate: (refusals: object, value: unknown) => typeof value !== 'string' || !Object.hasOwn(refusals, value),
  });
  for (const [name, { test }] of Object.entries(FORMATS)) ajv.addFormat(name, test);
  return ajv;
}

/** A wrong type makes further complaints about the same place meaningless. */
function withoutEchoes(errors: readonly ErrorObject[]): ErrorObject[] {
  const wrongType = new Set(errors.filter((error) => error.keyword === 'type').map((error) => error.instancePath));
  return errors.filter(
    (error) => error.keyword !== 'propertyNames' && (error.keyword === 'type' || !wrongType.has(error.instancePath)),
  );
}

function problemOf(error: ErrorObject): SchemaProblem {
  const { instancePath, keyword, schema, data } = error;
  const field =
    instancePath
      .slice(instancePath.lastIndexOf('/') + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~') || 'spec';
  switch (keyword) {
    case 'x-lateen-refused':
      return refusal(
        instancePath,
        `field ${field} is not supported: ${(schema as Refusal).because}`,
        (schema as Refusal).instead,
      );
    case 'x-lateen-refused-values':
      return refusal(instancePath, `${field} ${String(data)} is not supported`, (schema as Record<string, string>)[String(data)]);
    case 'additionalProperties':
      return unknownField(error, String((error.params as { additionalProperty: string }).additionalProperty));
    default:
      return { pointer: pointerOf(error), message: messageOf(error, field), refused: false, ...nearestWord(error) };
  }
}

function refusal(pointer: string, message: string, fix: string | undefined): SchemaProblem {
  return { pointer, message, refused: true, ...(fix ? { fix } : {}) };
}

function nearestWord({ keyword, params, data }: ErrorObject): { fix?: string } {
  if (keyword !== 'enum' || typeof data !== 'string') return {};
  const near = (params as { allowedValues: readonly unknown[] }).allowedValues.find((word) => isNear(String(word), data));
  return near === undefined ? {} : { fix: `did you mean ${String(near)}?` };
}

/** A key that is wrong stands below the object that is complained about. */
function pointerOf({ instancePath, propertyName }: ErrorObject): string {
  return propertyName === undefined ? instancePath : `${instancePath}/${escapePointer(propertyName)}`;
}

function messageOf({ keyword, params, parentSchema, data, propertyName, message }: ErrorObject, field: string): string {
  const { enum: words = [], properties = {} } = parentSchema as { enum?: unknown[]; properties?: object };
  switch (keyword) {
    case 'required':
      return `field ${(params as { missingProperty: string }).missingProperty} is missing`;
    case 'enum':
      return `${field} must be one of ${words.join(', ')}`;
    case 'format':
      return `${propertyName === undefined ? nameOf(field) : field}: ${JSON.stringify(data)} is not ${FORMATS[(params as { format: string }).format]?.wanted ?? 'valid'}`;
    case 'type':
      return `${field} must be ${article((params as { type: string }).type)}`;
    case 'minProperties':
    case 'maxProperties':
      return wantsOne(parentSchema)
        ? `${field} must have exactly one of ${Object.keys(properties).join(', ')}`
        : `${field} must have at least one field`;
    default:
      return `${field} ${message ?? 'is not valid'}`;
  }
}

/** `3` is the fourth item of a list, which says nothing. */
const nameOf = (field: string): string => (/^\d+$/.test(field) ? 'item' : field);

const wantsOne = (schema: unknown): boolean => (schema as { maxProperties?: number }).maxProperties === 1;

const article = (type: string): string => (/^[aeio]/.test(type) ? `an ${type}` : `a ${type}`);

function unknownField(error: ErrorObject, name: string): SchemaProblem {
  const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
  const near = known.find((candidate) => isNear(candidate, name));
  return {
    pointer: `${error.instancePath}/${escapePointer(name)}`,
    message: `unknown field "${name}"`,
    refused: false,
    fix: near ? `did you mean ${near}?` : `the fields here are ${known.join(', ')}`,
  };
}
