/** Kiali's validations that istioctl's words cover, or that have no place here; the others are named by the checks of our own. */
export const KIALI_IN_ISTIOS_WORDS: Readonly<Record<string, readonly string[]>> = {
  KIA0002: ['IST0111', 'IST0160'],
  KIA0003: ['IST0110', 'IST0159'],
  KIA0004: ['IST0127', 'IST0101'],
  KIA0101: ['IST0101'],
  KIA0202: ['IST0174'],
  KIA0203: ['IST0173'],
  KIA0301: ['IST0145'],
  KIA0302: ['IST0101'],
  KIA0601: ['IST0118'],
  KIA1101: ['IST0101'],
  KIA1102: ['IST0101'],
  KIA1106: ['IST0109'],
  KIA1107: ['IST0101'],
  KIA1108: ["not said: a short name means the namespace of the VirtualService, as in Istio's own documentation"],
  KIA1212: ['IST0177'],
};
