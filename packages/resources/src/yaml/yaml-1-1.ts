const BOOLEAN = /^(?:y|yes|on|n|no|off)$/i;
const GROUPED = /^[-+]?[1-9][0-9]*(?:_[0-9]+)+$/;
const OCTAL = /^[-+]?0[0-7]+$/;

/** What kubectl and istioctl, which read YAML 1.1, take a plain scalar for that YAML 1.2 takes otherwise; undefined when they agree. */
export function yaml11Reading(source: string): string | undefined {
  if (BOOLEAN.test(source)) return /^(?:y|yes|on)$/i.test(source) ? 'true' : 'false';
  if (GROUPED.test(source)) return source.replaceAll('_', '');
  return OCTAL.test(source) ? String(Number.parseInt(source, 8)) : undefined;
}
