/**
 * A spec as it was read, valid or not: whatever its type requires may be missing. istioctl analyzes resources that its validation refuses, too, so
 * analyzers take what is there and pass over what is not.
 */
export type Draft<Spec> = Spec extends readonly (infer Item)[]
  ? readonly Draft<Item>[]
  : Spec extends object
    ? { readonly [Field in keyof Spec]?: Draft<Spec[Field]> | undefined }
    : Spec;
