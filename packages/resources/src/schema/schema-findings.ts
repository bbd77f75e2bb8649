import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import { FORMATS } from './formats.ts';

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
  ajv = new Ajv({ allErrors: true, verbose: true, strict: false });
  ajv.addKeyword({ keyword: 'x-lateen-refused', schemaType: 'string', validate: () => false });
  for (const [name, { test }] of Object.entries(FORMATS)) ajv.addFormat(name, test);
  return ajv;
}

/** A wrong type makes further complaints about the same place meaningless. */
function withoutEchoes(errors: readonly ErrorObject[]): ErrorObject[] {
  const wrongType = new Set(errors.filter((error) => error.keyword === 'type').map((error) => error.instancePath));
  return errors.filter((error) => error.keyword === 'type' || !wrongType.has(error.instancePath));
}

function problemOf(error: ErrorObject): SchemaProblem {
  const { instancePath, keyword, params, parentSchema } = error;
  const field = instancePath.slice(instancePath.lastIndexOf('/') + 1);
  const at = (message: string, fix?: string): SchemaProblem => ({
    pointer: instancePath,
    message,
    refused: false,
    ...(fix ? { fix } : {}),
  });
  switch (keyword) {
    case 'x-lateen-refused':
      return { pointer: instancePath, message: `field ${field} is not supported`, fix: String(error.schema), refused: true };
    case 'additionalProperties':
      return unknownField(error, String((params as { additionalProperty: string }).additionalProperty));
    case 'required':
      return at(`field ${(params as { missingProperty: string }).missingProperty} is missing`);
    case 'enum':
      return at(`${field} must be one of ${((parentSchema as { enum: unknown[] }).enum ?? []).join(', ')}`);
    case 'format':
      return at(
        `${field}: ${JSON.stringify(error.data)} is not ${FORMATS[(params as { format: string }).format]?.wanted ?? 'valid'}`,
      );
    case 'type':
      return at(`${field || 'spec'} must be ${article((params as { type: string }).type)}`);
    case 'minProperties':
    case 'maxProperties':
      return at(
        `${field} must have exactly one of ${Object.keys((parentSchema as { properties?: object }).properties ?? {}).join(', ')}`,
      );
    default:
      return at(`${field} ${error.message ?? 'is not valid'}`);
  }
}

const article = (type: string): string => (/^[aeio]/.test(type) ? `an ${type}` : `a ${type}`);

function unknownField(error: ErrorObject, name: string): SchemaProblem {
  const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
  const near = known.find((candidate) => isNear(candidate, name));
  return {
    pointer: `${error.instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    message: `unknown field "${name}"`,
    refused: false,
    fix: near ? `did you mean ${near}?` : `the fields here are ${known.join(', ')}`,
  };
}

/** Equal but for case, or one letter more, less, other or two swapped. */
function isNear(candidate: string, name: string): boolean {
  const left = candidate.toLowerCase();
  const right = name.toLowerCase();
  if (left === right) return true;
  if (Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start++;
  let end = 0;
  while (end < Math.min(left.length, right.length) - start && left[left.length - 1 - end] === right[right.length - 1 - end])
    end++;
  const [leftRest, rightRest] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  return leftRest.length <= 1 && rightRest.length <= 1
    ? true
    : leftRest.length === 2 && leftRest === [...rightRest].toReversed().join('');
}
