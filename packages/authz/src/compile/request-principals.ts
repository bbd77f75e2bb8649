import { textClaim } from '../match/attribute.ts';
import { AllCondition, AnyCondition, type Condition, TextCondition } from '../match/condition.ts';
import { TextSet } from '../match/text-set.ts';

const ISSUER = textClaim('iss');
const SUBJECT = textClaim('sub');
const ANYTHING = TextSet.of(['*']);

/**
 * `<issuer>/<subject>`, cut at the last slash since an issuer may be a URL; a star matches part of the issuer or of the subject, whichever
 * end it stands at. A token without one of the two claims has no principal.
 */
export function requestPrincipals(values: readonly string[], text: string): Condition {
  return new AnyCondition(
    text,
    values.map((value) => {
      const [issuer, subject] = halves(value);
      return new AllCondition(value, [new TextCondition(value, ISSUER, issuer), new TextCondition(value, SUBJECT, subject)]);
    }),
  );
}

function halves(value: string): readonly [issuer: TextSet, subject: TextSet] {
  const slash = value.lastIndexOf('/');
  const issuer = slash === -1 ? value : value.slice(0, slash);
  const subject = slash === -1 ? '' : value.slice(slash + 1);
  if (value.startsWith('*'))
    return slash === -1 ? [ANYTHING, TextSet.of([value])] : [TextSet.of([issuer]), TextSet.exactly(subject)];
  if (value.endsWith('*'))
    return slash === -1 ? [TextSet.of([value]), ANYTHING] : [TextSet.exactly(issuer), TextSet.of([subject])];
  return [TextSet.exactly(issuer), TextSet.exactly(subject)];
}
