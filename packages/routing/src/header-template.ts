/** Reads one of Envoy's variables: `REQ` with `x-a?x-b`, `PROTOCOL` without an argument; empty where it has no value. */
export type ReadVariable = (name: string, argument: string) => string;

/** A header's value as a rule gives it: text, or text with variables. */
export type HeaderValue = string | HeaderTemplate;

interface Variable {
  readonly name: string;
  readonly argument: string;
}

const VARIABLE = /%%|%([A-Z][A-Z0-9_]*)(?:\(([^)]*)\))? *%/g;

/** A header's value with variables in it: `%REQ(end-user)% by %PROTOCOL%`. */
export class HeaderTemplate {
  readonly #parts: readonly (string | Variable)[];

  constructor(parts: readonly (string | Variable)[]) {
    this.#parts = parts;
  }

  /** Empty where nothing has a value and nothing else is written: then the header is left alone. */
  render(read: ReadVariable): string {
    let text = '';
    for (const part of this.#parts) text += typeof part === 'string' ? part : read(part.name, part.argument);
    return text;
  }
}

/** `%%` is a percent sign, `%NAME(argument)%` a variable. */
export function compileHeaderValue(text: string): HeaderValue {
  if (!text.includes('%')) return text;
  const parts: (string | Variable)[] = [];
  let end = 0;
  let literal = '';
  for (const match of text.matchAll(VARIABLE)) {
    literal += text.slice(end, match.index);
    end = match.index + match[0].length;
    const [, name, argument = ''] = match;
    if (name === undefined) {
      literal += '%';
      continue;
    }
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push({ name, argument: argument.trim() });
  }
  literal += text.slice(end);
  if (parts.length === 0) return literal;
  return new HeaderTemplate(literal === '' ? parts : [...parts, literal]);
}
