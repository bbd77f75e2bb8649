export { CEL_ATTRIBUTES, type CelType } from './cel-attributes.ts';
export { CelError, type CelExpression, type CelLiteral, type CelOperator } from './cel-expression.ts';
export { attributeName, checkCel } from './check-cel.ts';
export { parseCel } from './parse-cel.ts';
export { CelDuration, type CelMap, celText, type CelValue } from './cel-value.ts';
export { type CelEnvironment, type CelProgram, type CompiledCel, compileCel } from './compile-cel.ts';
