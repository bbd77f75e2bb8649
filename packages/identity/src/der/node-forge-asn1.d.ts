// node-forge's ASN.1 module alone: a sixth of the whole library's load time. Typed as far as `asn1.ts` uses it.
declare module 'node-forge/lib/asn1.js' {
  export interface ForgeNode {
    readonly tagClass: number;
    readonly type: number;
    readonly constructed: boolean;
    /** Children of a constructed node; else the content as a binary string. */
    readonly value: readonly ForgeNode[] | string;
  }
  export interface ForgeAsn1 {
    create(tagClass: number, type: number, constructed: boolean, value: readonly ForgeNode[] | string): ForgeNode;
    fromDer(bytes: string, options: { strict: true; parseAllBytes: true; decodeBitStrings: false; maxDepth: number }): ForgeNode;
    toDer(node: ForgeNode): { getBytes(): string };
    oidToDer(oid: string): { getBytes(): string };
    derToOid(bytes: string): string;
  }
  const asn1: ForgeAsn1;
  export default asn1;
}
